/** Finding what an operation that was applied before did, from the ledger alone. */
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { OperationRecord } from '../../chaincode/runtime/execute.js';
import type { Committed, Ledger } from '../../network/ledger.js';
import type { Projection } from '../projection/projection.js';
import { findRecord } from '../projection/records.js';
import type { Store } from '../store/store.js';
import type { Operation } from './attempt.js';

interface AppliedDeps {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly projection: Projection;
  /** aborts when this process goes: nobody waits for the projection then */
  readonly signal: AbortSignal;
}

/** The committed transaction, once this API's reads include it; undefined while the ledger does not know it. */
export async function committedTransaction(deps: AppliedDeps, id: string): Promise<Committed | undefined> {
  const status = await deps.ledger.transactionStatus(id);
  if (status.status !== 'valid') return undefined;
  await deps.projection.waitFor(status.committed.block, deps.signal);
  return status.committed;
}

/** Waits until the projection holds every block that the ledger has now. */
export async function catchUp({ ledger, projection, signal }: AppliedDeps): Promise<void> {
  const { height } = await ledger.info();
  await projection.waitFor(height - 1, signal);
}

export function findOperation(store: Store, agency: string, operation: string): Promise<OperationRecord | undefined> {
  return findRecord<OperationRecord>(store, 'operation', agency, operation);
}

/** Whether what was applied under an operation id is what is asked now. */
export function isSameWrite(applied: OperationRecord, write: Operation): boolean {
  return applied.function === write.function && applied.inputDigest === hashJson(write.asked);
}
