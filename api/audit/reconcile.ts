/**
 * Two ends of one use: the user's record that it asked, the provider's that it gave. Pure: what the two
 * records say, against each other. The contract takes a release only once, only of a permitted use and only
 * from its provider; so a release without any use stands here only when a contract did not hold that.
 */
import type { ReleaseRecord, UseRecord } from '../../chaincode/transactions/grant/use.js';
import { type Calendar, dueAt } from '../calendar/working-days.js';

export const FINDINGS = ['use-without-release', 'release-without-use', 'late-release', 'count-mismatch'] as const;
export type Finding = (typeof FINDINGS)[number];

/** How far two honest clocks may lie apart, as the peers hold them to five minutes of their own. */
const CLOCKS_APART = 5 * 60_000;
/** Before this nothing is late, whatever the calendar says: a full working day after its day is longer away. */
const NEVER_LATE = 24 * 60 * 60_000;
/** A release is recorded within one full working day, the shortest answer time there is. */
export const RELEASE_DAYS = 1;

/** The provider says it gave the data out before the use stood on the ledger, or there is no permitted use. */
function isWithoutUse(use: UseRecord | undefined, { releasedAt }: ReleaseRecord): boolean {
  return use?.decision !== 'permitted' || Date.parse(releasedAt) < Date.parse(use.recordedAt) - CLOCKS_APART;
}

function isMismatch(use: UseRecord | undefined, { recordCount }: ReleaseRecord): boolean {
  return use !== undefined && use.count !== recordCount;
}

/** Whether no calendar can find anything about a use that was released. */
export function isClean(use: UseRecord, release: ReleaseRecord): boolean {
  const took = Date.parse(release.recordedAt) - Date.parse(use.recordedAt);
  return !isWithoutUse(use, release) && !isMismatch(use, release) && took <= NEVER_LATE;
}

/** Milliseconds: until when a release of this use is in time. */
export function releaseDueAt({ recordedAt }: UseRecord, calendar: Calendar): number {
  return dueAt(calendar, Date.parse(recordedAt), RELEASE_DAYS);
}

/** What is wrong with a use and its release, in the order of the table above; nothing when they agree. */
export function findingsOf(use: UseRecord | undefined, release: ReleaseRecord | undefined, calendar: Calendar): Finding[] {
  if (!release) return use?.decision === 'permitted' ? ['use-without-release'] : [];
  const isLate = use !== undefined && Date.parse(release.recordedAt) >= releaseDueAt(use, calendar);
  const found: Readonly<Record<Finding, boolean>> = {
    'use-without-release': false,
    'release-without-use': isWithoutUse(use, release),
    'late-release': isLate,
    'count-mismatch': isMismatch(use, release),
  };
  return FINDINGS.filter((finding) => found[finding]);
}
