/** Looks a digest up in what this API has read of the ledger, and judges what it finds. */
import type { Static } from 'typebox';
import type { Digest } from '../../chaincode/schemas/primitives.js';
import { formatInstant, later } from '../../chaincode/time.js';
import type { Freshness } from '../freshness.js';
import { Problem } from '../http/problem.js';
import type { Projection } from '../projection/projection.js';
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
  /** the number of blocks that the answer must know at least */
  readonly minHeight?: number;
}

export interface Answer extends Judgement {
  /** the certificate's public part, as JSON */
  readonly shown?: string;
  readonly asOf: string;
  readonly knownAt?: string;
  /** number of blocks that this API had read */
  readonly height: number;
  /** until when this API knows all that was recorded, while it cannot reach enough provinces */
  readonly staleAsOf?: string;
  /** the receipt's text */
  readonly receipt?: string;
}

interface VerifyDeps {
  readonly store: Store;
  readonly projection: Pick<Projection, 'block' | 'waitFor'>;
  readonly freshness: Pick<Freshness, 'staleAsOf'>;
  readonly clock: () => number;
}

const CATCH_UP_MILLISECONDS = 2000;

/** Somebody has seen this height: an answer from before it would deny what they know. @throws Problem `ledger.behind` */
async function reach({ projection }: Pick<VerifyDeps, 'projection'>, minHeight: number): Promise<void> {
  if (projection.block + 1 >= minHeight) return;
  try {
    await projection.waitFor(minHeight - 1, AbortSignal.timeout(CATCH_UP_MILLISECONDS));
  } catch {
    throw new Problem('ledger.behind');
  }
}

/** The ledger's declared times may run ahead of this clock by a little: what is known is never of the future. */
export function presentOf(clock: () => number, certificate: { readonly recordedAt: string } | undefined): string {
  const now = formatInstant(clock());
  return certificate ? later(now, certificate.recordedAt) : now;
}

/** `unknown` is this API's answer at that height, and no proof of anything. @throws Problem `ledger.behind` */
export async function verify(deps: VerifyDeps, question: Question): Promise<Answer> {
  const { store, projection, clock } = deps;
  if (question.minHeight !== undefined) await reach(deps, question.minHeight);
  const { staleAsOf } = deps.freshness;
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
    ...(staleAsOf !== undefined && { staleAsOf }),
  };
}

/** The answer as JSON; the certificate's part goes out as the projection wrote it, unread. */
export function writeAnswer({ verdict, checks, shown, change, asOf, knownAt, height, staleAsOf, receipt }: Answer): string {
  const judged = JSON.stringify({ verdict, checks }).slice(0, -1);
  const times = JSON.stringify({ change, asOf, knownAt, height, staleAsOf }).slice(1);
  // As the text it is: a receipt has one form only (RFC 8785).
  const rest = receipt === undefined ? times : `${times.slice(0, -1)},"receipt":${receipt}}`;
  return shown === undefined ? `${judged},${rest}` : `${judged},"certificate":${shown},${rest}`;
}
