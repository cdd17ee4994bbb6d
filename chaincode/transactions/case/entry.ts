/**
 * A case's timeline: entries numbered from 1, each holding the hash of the one before, so that a list
 * of them is provably complete and in order. Data are ids, codes, digests and instants, never free text.
 */
import { hashJson } from '../../runtime/argument.js';
import { recordedAt, type Tx } from '../../runtime/tx.js';
import { key, ordinal } from '../../state/keys.js';
import { type CaseRecord, caseKey } from './case-record.js';

export const ENTRY_TYPES = [
  'opening',
  'subcase',
  'milestone',
  'material',
  'pre-review',
  'handoff-offer',
  'handoff-acceptance',
  'handoff-rejection',
  'handoff-recall',
  'handoff-lapse',
  'handoff-return',
  'pause',
  'resumption',
  'custody',
  'session',
  'session-acknowledgement',
  'decision',
  'closure',
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

export interface Entry {
  readonly number: number;
  readonly type: EntryType;
  /** the case's recorded time, which never runs backwards */
  readonly time: string;
  readonly agency: string;
  readonly transaction: string;
  /** the hash of the entry before; 64 zeros before the first */
  readonly previousHash: string;
  /** SHA-256 over the RFC 8785 form of this entry without `hash` */
  readonly hash: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const NO_ENTRY = '0'.repeat(64);

export function entryKey(caseId: string, number: number): string {
  return key('entry', caseId, ordinal(number));
}

/** The case as a transaction leaves it, but for what `append` sets. */
export type CaseChange = Omit<CaseRecord, 'entries' | 'head' | 'recordedAt'>;

/**
 * Writes the next entry and the case that goes with it. `before` is the case as read: undefined for
 * its opening. Nothing else writes a case, so no change of one is without its entry.
 */
export function append(
  tx: Tx,
  before: CaseRecord | undefined,
  after: CaseChange,
  type: EntryType,
  data: Entry['data'],
): { readonly record: CaseRecord; readonly entry: Entry } {
  const time = recordedAt(tx, before);
  const unsealed = {
    number: (before?.entries ?? 0) + 1,
    type,
    time,
    agency: tx.caller.agencyId,
    transaction: tx.id,
    previousHash: before?.head ?? NO_ENTRY,
    data,
  };
  const entry: Entry = { ...unsealed, hash: hashJson(unsealed) };
  const record: CaseRecord = { ...after, entries: entry.number, head: entry.hash, recordedAt: time };
  tx.state.put(entryKey(record.caseId, entry.number), entry);
  tx.state.put(caseKey(record.caseId), record);
  return { record, entry };
}
