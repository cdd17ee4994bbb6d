/**
 * The answer to "is this document good?", computed from what was found under its digest. Pure: whoever
 * finds the certificate decides where to look, this file decides what it means.
 *
 * Each check answers one question and no other. `verdict` is the certificate's status and nothing else,
 * so that "revoked" is an answer and not an error; whoever needs everything in order wants `valid` and
 * five times `pass`.
 *
 * - `intact`: the document's bytes are those that the issuer recorded. Bytes without a record may be
 *   altered or may never have been recorded, and nobody can tell which: `unknown`, never `fail`.
 * - `anchored`: the digest belongs to a certificate that stands on the ledger, by a key of its own or as a
 *   batch's leaf. `fail` when the ledger, as far as this API has read it, holds no such certificate: none
 *   at all, only a void one (an earlier certificate has its id or digest), or none recorded by `knownAt`.
 * - `issuer`: the agency that signed was entitled to issue it. The contract lets only an active
 *   certificate issuer issue, and only under identifiers that name it; so `pass`, except that an
 *   identifier of GB/T 36904 whose issuer is no credit code cannot be compared with whoever signed: `unknown`.
 * - `status`: the certificate was valid at `asOf`, as known at `knownAt`.
 * - `copy`: the document may be used as what it is. An original always may; an annotated copy (加注件)
 *   until the instant it expires, which is judged at `asOf` too. An expired copy of a valid certificate
 *   leaves the verdict `valid`: it is the copy that has run out.
 */

import { isBefore } from '../../chaincode/time.js';
import { type CertificateDigestRecord, namesIssuer } from '../../chaincode/transactions/certificate/certificate.js';
import {
  type Dated,
  type Moment,
  type Standing,
  statusAt,
  type Verdict,
} from '../../chaincode/transactions/certificate/status.js';

export const CHECK_RESULTS = ['pass', 'fail', 'unknown'] as const;
export type CheckResult = (typeof CHECK_RESULTS)[number];

export interface Checks {
  readonly intact: CheckResult;
  readonly anchored: CheckResult;
  readonly issuer: CheckResult;
  readonly status: CheckResult;
  readonly copy: CheckResult;
}

/** What is recorded under a digest, and the standing certificate that it belongs to, as far as it is judged. */
export interface Found {
  readonly certificate: Dated & { readonly certificateId: string };
  readonly digest: CertificateDigestRecord;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly checks: Checks;
  /** the change of status that decides, where one does: its reason, legal basis and both times */
  readonly change?: Standing['change'];
}

const NOTHING_FOUND: Judgement = {
  verdict: 'unknown',
  checks: { intact: 'unknown', anchored: 'fail', issuer: 'unknown', status: 'unknown', copy: 'unknown' },
};

const passIf = (holds: boolean): CheckResult => (holds ? 'pass' : 'fail');

/** @param found nothing for a digest without a record, and for one of a void certificate */
export function judge(found: Found | undefined, moment: Moment): Judgement {
  if (!found || isBefore(moment.knownAt, found.digest.recordedAt)) return NOTHING_FOUND;
  const { certificate, digest } = found;
  const standing = statusAt(certificate, moment);
  if (standing.verdict === 'unknown') return NOTHING_FOUND;
  return {
    ...standing,
    checks: {
      intact: 'pass',
      anchored: 'pass',
      issuer: namesIssuer(certificate.certificateId) ? 'pass' : 'unknown',
      status: passIf(standing.verdict === 'valid'),
      copy: passIf(digest.role === 'original' || isBefore(moment.asOf, digest.expiresAt)),
    },
  };
}
