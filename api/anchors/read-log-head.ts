/**
 * A head of the read log as it is anchored: it fixes the log up to one entry. All of it follows from the log and from
 * the number of the head, so whoever has the log can compare it with the ledger and needs to believe nothing else.
 */
import type { AnchoredRecord } from '../../chaincode/transactions/anchor/record.js';
import type { ReadLogTable } from '../store/off-chain-tables.js';

export interface LogHead {
  readonly agency: string;
  /** from 1 */
  readonly number: number;
}

/** Logs are told apart by their first entry: one that was begun anew is another log. */
export function headRecordId(first: Pick<ReadLogTable, 'hash'>, number: number): string {
  return `read-log-${first.hash}-${number}`;
}

export function headRecord(
  { agency, number }: LogHead,
  first: Pick<ReadLogTable, 'hash'>,
  entry: Pick<ReadLogTable, 'hash' | 'time'>,
): AnchoredRecord {
  return {
    agency,
    recordId: headRecordId(first, number),
    kind: 'read-log-head',
    digest: { alg: 'sha-256', value: entry.hash },
    occurredAt: entry.time,
  };
}
