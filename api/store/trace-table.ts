/** The table of what was done, and what it can be asked by. */

/**
 * What was done, for auditors: a row for each transaction of an agency, and further ones where it did something to
 * several things. Whatever it was done to has a column of its own, null where there is none of the kind.
 */
export interface TraceTable {
  /** milliseconds: the transaction's declared time */
  time: number;
  block: number;
  position: number;
  /** 0 for the transaction itself, from 1 for what else it did */
  place: number;
  transaction_id: string;
  agency: string;
  province: string;
  /** `contract:Function` */
  action: string;
  subject: string | null;
  grant_id: string | null;
  data_set: string | null;
  certificate_id: string | null;
  case_id: string | null;
  /** `permitted` or `denied`, of uses alone */
  decision: string | null;
  /** `TracedDetail` as JSON */
  detail: string;
}

/** What a trace can be asked by, and the column that holds it. */
export const TRACE_COLUMNS = {
  subject: 'subject',
  grant: 'grant_id',
  dataSet: 'data_set',
  agency: 'agency',
  certificate: 'certificate_id',
  case: 'case_id',
} as const satisfies Record<string, keyof TraceTable>;
export type TraceFilter = keyof typeof TRACE_COLUMNS;
export const TRACE_FILTERS = Object.keys(TRACE_COLUMNS) as TraceFilter[];
