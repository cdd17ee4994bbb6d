/** What `GET /v1/transactions/{id}` tells. */
import type { Ledger, TransactionStatus } from '../../network/ledger.js';
import type { Store } from '../store/store.js';
import { findAnnounced, type SubmissionRow } from './submission-rows.js';

export interface TransactionView {
  readonly id: string;
  readonly status: 'pending' | 'valid' | 'invalid';
  readonly code?: string;
  readonly block?: number;
  readonly time?: string;
  /** the transaction that carried the write in the end, when it is another one */
  readonly transaction?: string;
}

function ofLedger(status: TransactionStatus): TransactionView {
  if (status.status === 'pending') return status;
  if (status.status === 'valid')
    return { id: status.id, status: 'valid', block: status.committed.block, time: status.committed.time };
  return { id: status.id, status: 'invalid', code: status.code, block: status.block, time: status.time };
}

async function ofSubmission(ledger: Ledger, id: string, row: SubmissionRow): Promise<TransactionView> {
  if (row.state !== 'done') return { id, status: 'pending' };
  if (row.transaction_id === null) return { id, status: 'invalid', code: JSON.parse(row.body ?? '{}').code };
  const carried = ofLedger(await ledger.transactionStatus(row.transaction_id));
  return { ...carried, id, transaction: row.transaction_id };
}

/**
 * An id that was named in a 202 stands for its write: as long as the write is open, the id is pending,
 * even when the ledger found that one transaction invalid and another now carries the write.
 */
export async function transactionStatus(deps: { ledger: Ledger; store: Store }, id: string): Promise<TransactionView> {
  const status = await deps.ledger.transactionStatus(id);
  if (status.status === 'valid') return ofLedger(status);
  const row = await findAnnounced(deps.store, id);
  return row ? ofSubmission(deps.ledger, id, row) : ofLedger(status);
}
