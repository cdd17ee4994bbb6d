/**
 * Envelopes that were signed and whose outcome is not known yet. One is kept before it is sent: after a
 * crash it is looked up by its transaction id, and the same bytes are sent again, which is always safe.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder, writeWhole } from '../identity/files.js';

export interface OutboxEntry {
  /** 64 hex */
  readonly transactionId: string;
  /** protobuf `common.Envelope` */
  readonly envelope: Uint8Array;
}

export interface Outbox {
  /** Durable before it resolves. @throws Error when it cannot be kept: then nothing is sent */
  put(entry: OutboxEntry): Promise<void>;
  /** Forgets an entry whose outcome is certain; of one that is not there it does nothing. */
  settle(transactionId: string): Promise<void>;
  /** Forgets an entry that was never sent, durably: no later process may send it. @throws Error when that is not certain */
  withdraw(transactionId: string): Promise<void>;
  pending(): Promise<readonly OutboxEntry[]>;
}

/** Forgets everything with the process: for tests, and for tools that may start over. */
export function memoryOutbox(): Outbox {
  const entries = new Map<string, OutboxEntry>();
  return {
    put: async (entry) => void entries.set(entry.transactionId, entry),
    settle: async (transactionId) => void entries.delete(transactionId),
    withdraw: async (transactionId) => void entries.delete(transactionId),
    pending: async () => [...entries.values()],
  };
}

/** One synced file for each entry in a folder of its own. */
export function folderOutbox(folder: string): Outbox {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (transactionId: string) => join(folder, `${transactionId}.envelope`);
  return {
    put: async ({ transactionId, envelope }) => writeWhole(fileOf(transactionId), envelope, 0o600),
    settle: async (transactionId) => rmSync(fileOf(transactionId), { force: true }),
    withdraw: async (transactionId) => {
      rmSync(fileOf(transactionId), { force: true });
      syncFolder(folder);
    },
    pending: async () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.envelope'))
        .map((name) => ({ transactionId: name.slice(0, -'.envelope'.length), envelope: readFileSync(join(folder, name)) })),
  };
}
