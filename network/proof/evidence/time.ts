/** Instants as the ledger writes them: RFC 3339 UTC, with milliseconds or without. */
import { Malformed } from '../bytes.js';
import { type Json, stringOf } from '../canonical-json.js';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** Milliseconds since the epoch. @throws Malformed */
export function instantOf(value: Json | undefined): number {
  const text = stringOf(value);
  const milliseconds = Date.parse(text);
  // A 31st of June would become the 1st of July.
  const isReal = !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString().slice(0, 19) === text.slice(0, 19);
  if (!INSTANT.test(text) || !isReal) throw new Malformed('not an instant');
  return milliseconds;
}
