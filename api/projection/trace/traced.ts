/** What a transaction did, as a trace tells it: read from the records that it wrote. */
import type { RecordType } from '../../../chaincode/state/keys.js';
import type { LedgerTransaction } from '../../../network/ledger.js';
import type { StoreTransaction } from '../../store/store.js';
import type { ProjectedWrite } from '../framework.js';

/** What is shown beside the columns; each field only where it says something. */
export interface TracedDetail {
  /** the record that was written */
  readonly record: { readonly type: RecordType; readonly id: string };
  readonly purpose?: { readonly itemCode?: string; readonly code: string };
  /** the data's fields that a use asks for */
  readonly fields?: readonly string[];
  /** how many uses it counts for, or how many records a batch holds */
  readonly count?: number;
  /** what the columns of another row of the same transaction hold */
  readonly about?: { readonly grant: string; readonly dataSet: string; readonly case?: string };
  /** why a use was denied; of everything else the reason that was given */
  readonly reason?: string;
}

export interface Traced extends TracedDetail {
  readonly subject?: string | undefined;
  readonly grant?: string | undefined;
  readonly dataSet?: string | undefined;
  readonly certificate?: string | undefined;
  readonly case?: string | undefined;
  readonly decision?: 'permitted' | 'denied';
}

export interface Written {
  readonly db: StoreTransaction;
  readonly transaction: LedgerTransaction;
  /** what it wrote of the type that is asked about, in the order of keys; at least one */
  readonly own: readonly ProjectedWrite[];
  /** all that it wrote */
  readonly all: readonly ProjectedWrite[];
}

/** Reads one type of record. The first is what the transaction is about; none leaves it to the other types. */
export type Tracer = (written: Written) => readonly Traced[] | Promise<readonly Traced[]>;

export function recordOf({ type, parts }: Pick<ProjectedWrite, 'type' | 'parts'>): TracedDetail['record'] {
  return { type, id: parts.join('~') };
}
