/**
 * What a projector is: for one type of record, the index tables it keeps and how one committed write
 * changes them. It sees nothing but the write, so a replay makes the same rows again.
 */
import type { Kysely } from 'kysely';
import type { RecordType } from '../../chaincode/state/keys.js';
import type { LedgerTransaction } from '../../network/ledger.js';
import type { ProjectedTables } from '../store/projected-tables.js';
import type { StoreTransaction } from '../store/store.js';

/** One key that one valid transaction wrote. */
export interface ProjectedWrite {
  readonly key: string;
  readonly type: RecordType;
  readonly parts: readonly string[];
  /** the record, as the contract put it */
  readonly value: unknown;
  readonly block: number;
  readonly position: number;
  readonly transaction: LedgerTransaction;
}

export interface Projector {
  readonly type: RecordType;
  /** whether every version is kept, for histories */
  readonly history?: boolean;
  /** index tables of its own, by name */
  readonly tables?: Readonly<Partial<Record<keyof ProjectedTables, (db: Kysely<unknown>) => Promise<void>>>>;
  readonly project?: (db: StoreTransaction, write: ProjectedWrite) => Promise<void>;
}
