/**
 * A certificate's status on a day, computed again from its signed record. The contracts' own computation says the same of
 * every certificate and every day; `test/proof/evidence-status.test.ts` compares them.
 */
import { type Json, type JsonObject, objectOf, stringOf } from '../canonical-json.js';
import { instantOf } from './time.js';

/** What the status depends on. */
export interface Dated {
  readonly validFrom: string;
  readonly validTo: string | undefined;
  readonly changes: readonly JsonObject[];
}

/** @throws Malformed */
export function datedOf({ validFrom, validTo }: JsonObject, changes: readonly Json[]): Dated {
  return {
    validFrom: stringOf(validFrom),
    validTo: validTo === undefined ? undefined : stringOf(validTo),
    changes: changes.map(objectOf),
  };
}

/**
 * Revoked and superseded are final; suspensions and reinstatements alternate, and the last one in force decides.
 * `validFrom` and `validTo` are both times of validity. @throws Malformed
 */
export function certificateStatus({ validFrom, validTo, changes }: Dated, asOf: string): JsonObject {
  const day = instantOf(asOf);
  const inForce = changes.filter(({ effectiveAt }) => instantOf(effectiveAt) <= day);
  for (const kind of ['revoked', 'superseded']) {
    const change = inForce.find((candidate) => candidate.change === kind);
    if (change) return { verdict: kind, change };
  }
  const last = inForce.at(-1);
  if (last?.change === 'suspended') return { verdict: 'suspended', change: last };
  if (validTo !== undefined && instantOf(validTo) < day) return { verdict: 'expired' };
  if (day < instantOf(validFrom)) return { verdict: 'not-yet-valid' };
  return { verdict: 'valid', ...(last && { change: last }) };
}
