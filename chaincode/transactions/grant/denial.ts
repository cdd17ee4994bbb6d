/**
 * Why a use is denied. A denial is no refusal: the attempt goes on the ledger with its reason, so that
 * who reached for data without permission can be told as surely as who had it.
 */
import { isBefore } from '../../time.js';
import type { GrantRecord, Purpose } from './grant.js';

/** In the order in which they are tested; the first that holds is the reason. */
export const DENIAL_REASONS = [
  'grant.not-grantee',
  'grant.revoked',
  'grant.suspended',
  'grant.not-active',
  'grant.not-started',
  'grant.expired',
  'grant.purpose',
  'grant.fields',
  'grant.subject',
  'grant.exhausted',
] as const;
export type DenialReason = (typeof DENIAL_REASONS)[number];

/** An attempt to use data, and what the ledger knows besides the grant. */
export interface Attempt {
  readonly agency: string;
  readonly at: string;
  readonly purpose: Purpose;
  readonly caseId?: string;
  readonly fields: readonly string[];
  readonly subject?: string;
  /** whether the data set is still shared, see `isShareable` */
  readonly shareable: boolean;
}

type Test = (grant: GrantRecord, attempt: Attempt) => boolean;

function beyondPurpose(grant: GrantRecord, { purpose, caseId }: Attempt): boolean {
  const { itemCode, code } = grant.purpose;
  // A grant made for a case does not serve another one; a use that names no case relies on the grant's.
  const otherCase = grant.caseId !== undefined && caseId !== undefined && caseId !== grant.caseId;
  return purpose.itemCode !== itemCode || purpose.code !== code || otherCase;
}

const TESTS: Readonly<Record<Exclude<DenialReason, 'grant.exhausted'>, Test>> = {
  'grant.not-grantee': (grant, { agency }) => agency !== grant.grantee,
  'grant.revoked': (grant) => grant.status === 'revoked',
  // The four may take a data set off the list at any time; its grants then rest, as if suspended.
  'grant.suspended': (grant, { shareable }) => grant.status === 'suspended' || !shareable,
  'grant.not-active': (grant) => grant.status !== 'active',
  'grant.not-started': (grant, { at }) => isBefore(at, grant.validFrom),
  'grant.expired': (grant, { at }) => isBefore(grant.validTo, at),
  'grant.purpose': beyondPurpose,
  'grant.fields': (grant, { fields }) => !fields.every((field) => grant.fields.includes(field)),
  // A grant for one subject does not cover a query that names none.
  'grant.subject': (grant, { subject }) => grant.subject !== undefined && subject !== grant.subject,
};

/** The first reason against a use, all but the count of uses; undefined when there is none. */
export function denialReason(grant: GrantRecord, attempt: Attempt): DenialReason | undefined {
  return DENIAL_REASONS.find((reason) => reason !== 'grant.exhausted' && TESTS[reason](grant, attempt));
}
