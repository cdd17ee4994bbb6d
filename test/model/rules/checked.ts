/** A committed transaction as the rules look at it: what it wrote, against what was there. */
import { parseKey } from '../../../chaincode/state/keys.js';
import type { Committed, HistoryLedger } from '../ledger.js';

export interface Written {
  readonly key: string;
  readonly type: string;
  readonly parts: readonly string[];
  readonly text: string;
  readonly after: Record<string, unknown>;
  readonly before: Record<string, unknown> | undefined;
}

export interface Checked {
  readonly ledger: HistoryLedger;
  readonly committed: Committed;
  readonly written: readonly Written[];
}

interface WrittenAs<T> extends Omit<Written, 'after' | 'before'> {
  readonly after: T;
  readonly before: T | undefined;
}

const parsed = (value: Uint8Array) => JSON.parse(Buffer.from(value).toString('utf8')) as Record<string, unknown>;

export function checked(ledger: HistoryLedger, committed: Committed): Checked {
  const written = committed.outcome.simulation.writes.map(({ key, value }) => {
    const name = parseKey(key);
    const old = committed.before.get(key);
    return {
      key,
      type: name?.type ?? 'no such type',
      parts: name?.parts ?? [],
      text: Buffer.from(value ?? '').toString('utf8'),
      after: parsed(value ?? Buffer.from('{}')),
      before: old && parsed(old.value),
    };
  });
  return { ledger, committed, written };
}

/** The written records of one type. */
export function of<T>({ written }: Checked, type: string): WrittenAs<T>[] {
  return written.filter((one) => one.type === type) as unknown as WrittenAs<T>[];
}
