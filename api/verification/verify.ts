/** Looks a digest up in what this API has read of the ledger, and judges what it finds. */
import type { Static } from 'typebox';
import type { Digest } from '../../chaincode/schemas/primitives.js';
import { formatInstant, later } from '../../chaincode/time.js';
import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import { findByDigest } from '../projection/standing-certificates.js';
import type { Store } from '../store/store.js';
import { type Found, type Judgement, judge } from './verdict.js';

type DigestValue = Static<typeof Digest>;

export interface Question {
  /** one document's digests under several algorithms; the first that is known counts */
  readonly digests: readonly DigestValue[];
  /** effective time; now unless given */
  readonly asOf?: string;
  /** recorded time; everything known unless given */
  readonly knownAt?: string;
}

/** What the public is told of a certificate: nothing that leads to a person or a case. */
export type PublicCertificate = Omit<CertificateRecord, 'subject' | 'caseId' | 'item' | 'capture' | 'changes'>;

export interface Answer extends Judgement {
  readonly certificate?: PublicCertificate;
  readonly asOf: string;
  readonly knownAt?: string;
  /** number of blocks that this API had read */
  readonly height: number;
}

interface VerifyDeps {
  readonly store: Store;
  readonly projection: { readonly block: number };
  readonly clock: () => number;
}

async function find({ db }: Store, digests: readonly DigestValue[]): Promise<Found | undefined> {
  for (const value of digests) {
    const found = await findByDigest(db, value);
    if (found) return found;
  }
  return undefined;
}

function publicPart({
  subject: _s,
  caseId: _c,
  item: _i,
  capture: _p,
  changes: _h,
  ...rest
}: CertificateRecord): PublicCertificate {
  return rest;
}

/** The ledger's declared times may run ahead of this clock by a little: what is known is never of the future. */
export function presentOf(clock: () => number, certificate: CertificateRecord | undefined): string {
  const now = formatInstant(clock());
  return certificate ? later(now, certificate.recordedAt) : now;
}

/** `unknown` is this API's answer at that height, and no proof of anything. */
export async function verify({ store, projection, clock }: VerifyDeps, question: Question): Promise<Answer> {
  const height = projection.block + 1;
  const found = await find(store, question.digests);
  const present = presentOf(clock, found?.certificate);
  const { asOf = present, knownAt } = question;
  const judgement = judge(found, { asOf, knownAt: knownAt ?? present });
  const known = judgement.verdict !== 'unknown' && found;
  return {
    verdict: judgement.verdict,
    checks: judgement.checks,
    ...(known && { certificate: publicPart(found.certificate) }),
    ...(judgement.change && { change: judgement.change }),
    asOf,
    ...(knownAt !== undefined && { knownAt }),
    height,
  };
}
