/** Is the document the one that the peers spoke of? */
import type { Answer } from './answer.js';
import type { Json, JsonObject } from './canonical-json.js';
import { require } from './faults.js';

/** Every digest in a signed value: objects with `alg` and `value`. */
export function digestsIn(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(digestsIn);
  if (typeof value !== 'object' || value === null) return [];
  const object = value as JsonObject;
  const own = typeof object.alg === 'string' && typeof object.value === 'string' ? [object] : [];
  return [...own, ...Object.values(object).flatMap(digestsIn)];
}

/** @throws Fault `proof.document` unless one of the document's digests stands in what was signed */
export function namesDigest(
  { result, records }: Answer,
  document: readonly { readonly alg: string; readonly value: string }[],
): void {
  const signed = digestsIn([result ?? null, ...records.map(({ value }) => value ?? null)]);
  const found = signed.some(({ alg, value }) => document.some((digest) => digest.alg === alg && digest.value === value));
  require(found, 'proof.document', 'the document is not the one that was signed for: other bytes, or another document');
}
