/**
 * The case 办件 as it now stands. It stays small for ever: entries, hand-offs, sessions and parties have
 * keys of their own, and only the sub-cases are listed here, at most `SUBCASE_LIMIT` of them.
 */
import type { ProvinceCode } from '../../provinces.js';
import { ensure, load, type Tx } from '../../runtime/tx.js';
import { key } from '../../state/keys.js';
import type { Mode } from '../catalogue/service-item.js';
import type { CustodyEvent } from './custody.js';
import type { Pause } from './pause.js';

export const CHANNELS = ['online', 'window', 'virtual-window', 'push'] as const;
export type Channel = (typeof CHANNELS)[number];

export const CASE_STATUSES = ['open', 'offered', 'decided', 'closed', 'withdrawn'] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

/** A case under way: it may still change hands, be worked on and be decided. */
export const UNDER_WAY: readonly CaseStatus[] = ['open', 'offered'];
/** A closed case takes no more entries; papers and acknowledgements may still come in until then. */
export const NOT_CLOSED: readonly CaseStatus[] = ['open', 'offered', 'decided', 'withdrawn'];

export const OUTCOMES = ['granted', 'refused', 'withdrawn'] as const;

export const SUBCASE_LIMIT = 100;

/** An agency and its province, which never changes. */
export interface AgencyOfProvince {
  readonly province: ProvinceCode;
  readonly agency: string;
}

/** Why a proactive 免申办 case was opened without an application. */
export interface Proactive {
  readonly rule: string;
  readonly policyVersion: string;
  readonly grantId: string;
  readonly entitlement: 'no-application' | 'fast';
}

export interface CaseRecord {
  readonly caseId: string;
  readonly item: { readonly code: string; readonly version: number };
  readonly mode: Mode;
  readonly channel: Channel;
  /** the applicant's opaque handle */
  readonly subject: string;
  readonly status: CaseStatus;
  readonly opener: AgencyOfProvince;
  readonly holder: AgencyOfProvince;
  /** the hand-off by which the holder holds the case; 0 when the holder opened it */
  readonly heldUnder: number;
  /** the one hand-off that is offered now */
  readonly offer?: { readonly number: number; readonly to: string; readonly dueAt: string };
  /** hand-offs offered so far: they are numbered from 1 to this */
  readonly handoffs: number;
  readonly subcases: readonly string[];
  readonly parentCaseId?: string;
  readonly proactive?: Proactive;
  /** how many names of the item's route are done */
  readonly routeDone: number;
  /** the last event of papers on their way */
  readonly custody?: CustodyEvent;
  readonly pause?: Pause;
  readonly openedAt: string;
  /** as agreed at the opening, moved on by the pauses since */
  readonly dueAt?: string;
  readonly decision?: {
    readonly outcome: (typeof OUTCOMES)[number];
    readonly reasonCode?: string;
    readonly certificates: readonly string[];
  };
  /** how many entries the timeline has */
  readonly entries: number;
  /** the hash of the last entry */
  readonly head: string;
  readonly recordedAt: string;
}

export function caseKey(caseId: string): string {
  return key('case', caseId);
}

/** @throws Refusal `case.not-found` */
export function loadCase(tx: Tx, caseId: string): Promise<CaseRecord> {
  return load(tx, caseKey(caseId), 'case.not-found', caseId);
}

/** @throws Refusal `case.state` with the present status */
export function ensureStatus(record: CaseRecord, allowed: readonly CaseStatus[]): void {
  ensure(allowed.includes(record.status), 'case.state', { state: record.status });
}
