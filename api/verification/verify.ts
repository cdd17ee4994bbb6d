/** Looks a digest up in what this API has read of the ledger, and judges what it finds. */
import type { Static } from 'typebox';
import type { Digest } from '../../chaincode/schemas/primitives.js';
import { formatInstant, later } from '../../chaincode/time.js';
import { type FoundCertificate, findByDigest } from '../projection/standing-certificates.js';
import type { Store } from '../store/store.js';
import { type Judgement, judge } from './verdict.js';

type DigestValue = Static<typeof Digest>;

export interface Question {
  /** one document's digests under several algorithms; the first that is known counts */
  readonly digests: readonly DigestValue[];
  /** effective time; now unless given */
  readonly asOf?: string;
  /** recorded time; everything known unless given */
  readonly knownAt?: string;
  /** with a receipt */
  readonly attest?: boolean;
}

export interface Answer extends Judgement {
  /** the certificate's public part, as JSON */
  readonly shown?: string;
  readonly asOf: string;
  readonly knownAt?: string;
  /** number of blocks that this API had read */
  readonly height: number;
  /** the receipt's text */
  readonly receipt?: string;
}

interface VerifyDeps {
  readonly store: Store;
  readonly projection: { readonly block: number };
  readonly clock: () => number;
}

/** The ledger's declared times may run ahead of this clock by a little: what is known is never of the future. */
export function presentOf(clock: () => number, certificate: { readonly recordedAt: string } | undefined): string {
  const now = formatInstant(clock());
  return certificate ? later(now, certificate.recordedAt) : now;
}

/** `unknown` is this API's answer at that height, and no proof of anything. */
export async function verify({ store, projection, clock }: VerifyDeps, question: Question): Promise<Answer> {
  const height = projection.block + 1;
  let found: FoundCertificate | undefined;
  for (const value of question.digests) found ??= await findByDigest(store.db, value);
  const present = presentOf(clock, found?.certificate);
  const { asOf = present, knownAt } = question;
  const judgement = judge(found, { asOf, knownAt: knownAt ?? present });
  return {
    verdict: judgement.verdict,
    checks: judgement.checks,
    ...(found && judgement.verdict !== 'unknown' && { shown: found.shown }),
    ...(judgement.change && { change: judgement.change }),
    asOf,
    ...(knownAt !== undefined && { knownAt }),
    height,
  };
}

/** The answer as JSON; the certificate's part goes out as the projection wrote it, unread. */
export function writeAnswer({ verdict, checks, shown, change, asOf, knownAt, height, receipt }: Answer): string {
  const judged = JSON.stringify({ verdict, checks }).slice(0, -1);
  const times = JSON.stringify({ change, asOf, knownAt, height }).slice(1);
  // As the text it is: a receipt has one form only (RFC 8785).
  const rest = receipt === undefined ? times : `${times.slice(0, -1)},"receipt":${receipt}}`;
  return shown === undefined ? `${judged},${rest}` : `${judged},"certificate":${shown},${rest}`;
}
