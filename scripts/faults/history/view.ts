/** What one province's peer holds at the end: its blocks, and the state that their valid writes make. */
import { createHash } from 'node:crypto';

export interface SeenTransaction {
  readonly id: string;
  /** Fabric's validation code by name */
  readonly code: string;
  readonly function: string;
  readonly writes: readonly { readonly key: string; readonly value: string | null }[];
}

export interface SeenBlock {
  readonly number: number;
  readonly hash: string;
  readonly previousHash: string;
  /** what the peer computed over codes and state updates, chained; empty in block 0 */
  readonly commitHash: string;
  readonly transactions: readonly SeenTransaction[];
}

export interface View {
  readonly mspId: string;
  readonly blocks: readonly SeenBlock[];
  /** the contracts' keys and values, in byte order */
  readonly stateHash: string;
}

export interface Place {
  readonly block: number;
  readonly position: number;
  readonly transaction: SeenTransaction;
}

/** Valid transactions in their order. */
export function validOf({ blocks }: Pick<View, 'blocks'>): Place[] {
  return blocks.flatMap(({ number, transactions }) =>
    transactions.flatMap((transaction, position) =>
      transaction.code === 'VALID' ? [{ block: number, position, transaction }] : [],
    ),
  );
}

/** The operation that a transaction applied, as its key on the ledger. */
export function operationOf({ writes }: SeenTransaction): string | undefined {
  return writes.find(({ key }) => key.startsWith('operation~'))?.key;
}

/** SHA-256, 64 hex, over the state that these blocks make; keys are ASCII, so string order is byte order. */
export function stateHashOf(blocks: readonly SeenBlock[]): string {
  const state = new Map<string, string>();
  for (const { transaction } of validOf({ blocks }))
    for (const { key, value } of transaction.writes) {
      if (value === null) state.delete(key);
      else state.set(key, value);
    }
  const hash = createHash('sha256');
  for (const key of [...state.keys()].sort()) hash.update(JSON.stringify([key, state.get(key)]));
  return hash.digest('hex');
}
