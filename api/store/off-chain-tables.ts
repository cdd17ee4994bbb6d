/** What only this API knows. It cannot be rebuilt from the chain: it is migrated, and backed up. */
import type { ProvinceCode } from '../../chaincode/provinces.js';

/**
 * One answer to a write: under its idempotency key, or because it is still to be settled. `pending` has the
 * 202 that was given; `done` has the final answer.
 */
export interface SubmissionTable {
  agency: string;
  /** the operation id on the ledger: the client's idempotency key, or a random one */
  operation: string;
  /** SHA-256 over method, path and canonical body, 64 hex */
  fingerprint: string;
  state: 'pending' | 'done';
  function: string;
  /** JSON of the ledger's input; empty when done */
  input: string;
  /** what the answer is made with besides the committed transaction, JSON; empty when done */
  context: string;
  /** the transaction named in a 202, or the final one */
  transaction_id: string | null;
  status: number | null;
  /** JSON */
  headers: string | null;
  body: string | null;
  created_at: string;
}

/** Every transaction id that a 202 named, so that its fate can be told even if another id carried the operation. */
export interface AnnouncedTransactionTable {
  id: string;
  agency: string;
  operation: string;
}

/** Who looked at what: written before it is shown, each row chained to the one before. */
export interface ReadLogTable {
  number: number;
  time: string;
  agency: string;
  operator: string;
  /** what kind of look: `grant.uses`, `subject.opening`, … */
  action: string;
  /** the id of what was looked at */
  thing: string;
  reason: string | null;
  previous_hash: string;
  /** SHA-256 over the canonical JSON of the row without `hash` */
  hash: string;
}

/** An entry of the read log whose hash is on the ledger, or on its way there: it fixes the log up to there. */
export interface ReadLogHeadTable {
  /** from 1, without a gap: whoever looks for the next one on the ledger finds that heads are missing here */
  number: number;
  /** the entry's number */
  entry: number;
  /** in whose name it is anchored */
  agency: string;
}

/** A subject's handle and, until it is erased, who stands behind it. */
export interface VaultSubjectTable {
  subject: string;
  /** who made the handle */
  agency: string;
  home_province: ProvinceCode;
  /** `erasing` from the row's change until no older copy of it is left on the disk */
  state: 'held' | 'erasing' | 'erased';
  /** keyed index of the person: equal for all handles of one person in one province; null once erased */
  person: string | null;
  /** type, number and salt, encrypted; null once erased */
  sealed: string | null;
  /** the idempotency key, and a keyed hash of the request that came with it */
  operation: string | null;
  fingerprint: string | null;
  created_at: string;
  erased_at: string | null;
}

/** Records that are anchored together. The one at work is filled while the one before is on its way. */
export interface AnchorBatchTable {
  number: number;
  agency: string;
  /** the operation id on the ledger; null for a batch that another API has sent */
  operation: string | null;
  /** the transaction that anchored it, once that is certain */
  transaction_id: string | null;
}

/** What lies behind a leaf. */
export interface AnchorRecordTable {
  /** the batch's number × 65536 + the place among its leaves */
  number: number;
  /** the first 48 bits of the digest: a short key makes a small index, and the record tells the rest */
  digest_key: number;
  /** the leaf's text: canonical JSON of the record */
  record: string;
}

/**
 * Ids of records that do not stand on the ledger: not yet, or not at all, where another API's record came first. Of the
 * others the projection knows. So this table stays small, however many records there are.
 */
export interface AnchorPendingTable {
  agency: string;
  /** 24 hex: stands for the record's id, here as on the ledger */
  tag: string;
  number: number;
}

/** An envelope that was signed for Fabric, from before it is sent until its outcome is certain. */
export interface OutboxTable {
  transaction_id: string;
  /** `common.Envelope`, base64 */
  envelope: string;
}

export interface OffChainTables {
  submission: SubmissionTable;
  announced_transaction: AnnouncedTransactionTable;
  read_log: ReadLogTable;
  read_log_head: ReadLogHeadTable;
  vault_subject: VaultSubjectTable;
  anchor_batch: AnchorBatchTable;
  anchor_record: AnchorRecordTable;
  outbox: OutboxTable;
  anchor_pending: AnchorPendingTable;
}
