/** A key's versions over time, from the index of places and the transactions themselves. */
import { LedgerUnavailable } from '../errors.js';
import type { BlockLog } from './block-log.js';
import { readBlock } from './follow.js';
import type { StateStore } from './state-store.js';

export interface KeyVersionRecord {
  readonly transactionId: string;
  readonly block: number;
  readonly position: number;
  readonly time: string;
  /** null when the transaction deleted the key */
  readonly value: string | null;
}

/** @throws LedgerUnavailable when a block cannot be read as it was written */
export async function keyHistory(
  files: { readonly log: BlockLog; readonly state: StateStore },
  key: string,
): Promise<readonly KeyVersionRecord[]> {
  const versions: KeyVersionRecord[] = [];
  for (const { block, position } of files.state.history(key)) {
    const transaction = (await readBlock(files, block)).transactions[position];
    const write = transaction?.writes.find((candidate) => candidate.key === key);
    if (!transaction || !write) throw new LedgerUnavailable(`block ${block} does not hold a write of ${key}`);
    versions.push({ transactionId: transaction.id, block, position, time: transaction.time, value: write.value });
  }
  return versions;
}
