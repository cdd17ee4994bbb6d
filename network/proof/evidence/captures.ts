/**
 * How each digest of a story came about before it came to the ledger, since courts look at that separately: which system
 * captured it, how and when, as far as it was stated, when the ledger recorded it, and how long that took.
 */
import { canonicalJson, type Json, type JsonObject } from '../canonical-json.js';
import { digestsIn } from '../document.js';
import { instantOf } from './time.js';

/** Something in a story that was recorded at one time. */
export interface Captured {
  /** where in the story it is */
  readonly in: string;
  readonly value: Json;
  readonly recordedAt: Json | undefined;
  /** when the agency says that it happened; not stated of everything */
  readonly statedAt?: Json | undefined;
  /** the system, its version, the method and the time, as an issuer states them of a certificate */
  readonly capture?: JsonObject | undefined;
}

function delayOf(statedAt: Json | undefined, recordedAt: Json): JsonObject {
  if (statedAt === undefined) return {};
  return { statedAt, delayMilliseconds: instantOf(recordedAt) - instantOf(statedAt) };
}

/** One line for each digest. @throws Malformed */
export function capturesOf(parts: readonly Captured[]): JsonObject[] {
  return parts.flatMap(({ in: place, value, recordedAt = null, statedAt, capture }) =>
    digestsIn(value).map(({ alg, value: hex }) => ({
      digest: { alg: alg ?? null, value: hex ?? null },
      in: place,
      recordedAt,
      ...delayOf(capture?.capturedAt ?? statedAt, recordedAt),
      ...(capture && { capture }),
    })),
  );
}

export function sameJson(left: Json, right: Json): boolean {
  return canonicalJson(left) === canonicalJson(right);
}
