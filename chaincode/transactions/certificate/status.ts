/**
 * A certificate's status, told for any time on two axes: `asOf` is effective time (on which day is the
 * question asked about), `knownAt` is recorded time (what the ledger could have said then). Pure, so
 * that contract, API and offline verifier give one answer.
 *
 * - A change counts when it was recorded at or before `knownAt` and is effective at or before `asOf`.
 * - Revoked and superseded are final: from their effective time on no later change undoes them. Either
 *   may reach back before a suspension, because a withdrawn act (撤销) is void from its beginning.
 * - Suspension and reinstatement alternate; the contract keeps their effective times in order, so the
 *   last one that counts decides.
 * - `validFrom` and `validTo` are both days of validity: at the very instant of `validTo` it still holds.
 * - Before its issue was recorded the ledger knew nothing of it: `unknown`.
 */
import { isBefore } from '../../time.js';
import type { CertificateChange, CertificateChangeKind } from './certificate.js';

/** In order of precedence; `unknown` is what is left when nothing is on record. */
export const VERDICTS = ['revoked', 'superseded', 'suspended', 'expired', 'not-yet-valid', 'valid', 'unknown'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What the answer depends on; a batch leaf whose status never changed has no changes. */
export interface Dated {
  readonly validFrom: string;
  readonly validTo?: string;
  /** recorded time of the issue */
  readonly issuedAt: string;
  readonly changes: readonly CertificateChange[];
}

export interface Moment {
  readonly asOf: string;
  readonly knownAt: string;
}

export interface Standing {
  readonly verdict: Verdict;
  /** the change that decides, with its reason, legal basis and both times */
  readonly change?: CertificateChange;
}

function ended(counting: readonly CertificateChange[], kind: CertificateChangeKind): Standing | undefined {
  const change = counting.find((candidate) => candidate.change === kind);
  return change && { verdict: kind === 'revoked' ? 'revoked' : 'superseded', change };
}

/** The certificate's status as of one time, as the ledger knew it at another. */
export function statusAt(certificate: Dated, { asOf, knownAt }: Moment): Standing {
  if (isBefore(knownAt, certificate.issuedAt)) return { verdict: 'unknown' };
  const counting = certificate.changes.filter(
    (change) => !isBefore(knownAt, change.recordedAt) && !isBefore(asOf, change.effectiveAt),
  );
  const end = ended(counting, 'revoked') ?? ended(counting, 'superseded');
  if (end) return end;
  const last = counting.at(-1);
  if (last?.change === 'suspended') return { verdict: 'suspended', change: last };
  const { validFrom, validTo } = certificate;
  if (validTo !== undefined && isBefore(validTo, asOf)) return { verdict: 'expired' };
  if (isBefore(asOf, validFrom)) return { verdict: 'not-yet-valid' };
  return last ? { verdict: 'valid', change: last } : { verdict: 'valid' };
}

/** Where the changes have led, whatever their effective times: what decides which change may come next. */
export function stateOf(changes: readonly CertificateChange[]): 'valid' | 'suspended' | 'revoked' | 'superseded' {
  const last = changes.at(-1)?.change ?? 'reinstated';
  return last === 'reinstated' ? 'valid' : last;
}
