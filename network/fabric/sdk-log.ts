/**
 * Where the SDK's log lines go. It takes its logger from a global once, when it is loaded, so one stands
 * there that passes on to whoever listens now.
 */
import { format } from 'node:util';

/** The same complaint, told for each call while a node is away, is told once in this time. */
const QUIET_MS = 60_000;
const REMEMBERED = 200;

export type Log = (message: string) => void;

const listeners = new Set<Log>();
const told = new Map<string, number>();

function tell(level: string, parts: readonly unknown[]): void {
  const message = format(...parts);
  const kind = message.replaceAll(/[0-9a-f]{8,}|\d+/g, '#');
  const now = Date.now();
  if (now - (told.get(kind) ?? 0) < QUIET_MS) return;
  if (told.size >= REMEMBERED) told.clear();
  told.set(kind, now);
  for (const log of listeners) log(`fabric-network ${level}: ${message}`);
}

const ignore = () => undefined;

/** To be called before the SDK is loaded. */
export function installSdkLog(): void {
  const logger = {
    debug: ignore,
    info: ignore,
    warn: (...parts: readonly unknown[]) => tell('warns', parts),
    error: (...parts: readonly unknown[]) => tell('says', parts),
  };
  Object.assign(globalThis, { hfc: { logger } });
}

/** Passes the SDK's warnings and errors on. @returns the way to stop it */
export function listenToSdk(log: Log): () => void {
  listeners.add(log);
  return () => listeners.delete(log);
}
