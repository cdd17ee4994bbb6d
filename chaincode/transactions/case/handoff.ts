/**
 * A hand-off 交接: the holder offers the case, the receiver accepts or rejects it, the offerer may recall
 * it, and after its due time it may lapse. Only an acceptance moves the case; a return moves it back.
 */
import type { ProvinceCode } from '../../provinces.js';
import { ensure, load, recordedAt, type Tx } from '../../runtime/tx.js';
import { key, ordinal } from '../../state/keys.js';
import { type CaseRecord, loadCase } from './case-record.js';
import { append, type CaseChange, type Entry, type EntryType } from './entry.js';

interface DigestValue {
  readonly alg: 'sha-256' | 'sm3';
  readonly value: string;
}

export interface HandoffRecord {
  readonly caseId: string;
  /** from 1 in each case */
  readonly number: number;
  readonly from: string;
  readonly fromProvince: ProvinceCode;
  readonly to: string;
  readonly toProvince: ProvinceCode;
  readonly reason: string;
  /** what exactly goes over */
  readonly manifest: readonly { readonly code: string; readonly digest: DigestValue }[];
  readonly dueAt: string;
  readonly status: 'open' | 'accepted' | 'rejected' | 'recalled' | 'lapsed' | 'returned';
  /** the hand-off by which the offerer held the case: a return puts that back */
  readonly heldUnder: number;
  readonly offeredAt: string;
  /** when it was accepted, rejected, recalled or lapsed */
  readonly settledAt?: string;
  readonly rejection?: { readonly reason: string };
  readonly return?: { readonly reason: string; readonly findingsDigest: DigestValue; readonly returnedAt: string };
  readonly recordedAt: string;
}

function handoffKey(caseId: string, number: number): string {
  return key('handoff', caseId, ordinal(number));
}

/** @throws Refusal `case.not-found`, `handoff.not-found` */
export async function loadHandoff(
  tx: Tx,
  caseId: string,
  number: number,
): Promise<{ readonly record: CaseRecord; readonly handoff: HandoffRecord }> {
  const record = await loadCase(tx, caseId);
  const handoff = await load<HandoffRecord>(tx, handoffKey(caseId, number), 'handoff.not-found', `${caseId}/${number}`);
  return { record, handoff };
}

/** @throws Refusal `handoff.state` with the present status */
export function ensureHandoff(handoff: HandoffRecord, status: HandoffRecord['status']): void {
  ensure(handoff.status === status, 'handoff.state', { state: handoff.status });
}

/** The case without its offer, open again. */
export function withoutOffer(record: CaseRecord): CaseChange {
  const { offer: _, ...rest } = record;
  return { ...rest, status: 'open' };
}

/** Writes a hand-off's next state, the case that goes with it and their entry. */
export function moveHandoff(
  tx: Tx,
  before: CaseRecord,
  after: CaseChange,
  handoff: Omit<HandoffRecord, 'recordedAt'>,
  type: EntryType,
  data: Entry['data'],
): HandoffRecord {
  append(tx, before, after, type, { number: handoff.number, ...data });
  const next: HandoffRecord = { ...handoff, recordedAt: recordedAt(tx, before) };
  tx.state.put(handoffKey(before.caseId, handoff.number), next);
  return next;
}

/** Ends an offer that moves nothing: rejected, recalled or lapsed. */
export function endOffer(
  tx: Tx,
  record: CaseRecord,
  handoff: HandoffRecord,
  status: 'rejected' | 'recalled' | 'lapsed',
  type: EntryType,
  rejection?: { readonly reason: string },
): HandoffRecord {
  const settled = { ...handoff, status, settledAt: recordedAt(tx, record), ...(rejection ? { rejection } : {}) };
  return moveHandoff(tx, record, withoutOffer(record), settled, type, { ...rejection });
}
