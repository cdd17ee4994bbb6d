/** JSON in the one form of RFC 8785, so that nothing can be said twice, in two ways, or unseen between the lines. */
import { Malformed } from './bytes.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** Whether all names stand in the order in which RFC 8785 wants them written. */
function isOrdered(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isOrdered);
  const object = value as JsonObject;
  let before: string | undefined;
  for (const name of Object.keys(object)) {
    if ((before !== undefined && before >= name) || !isOrdered(object[name] as Json)) return false;
    before = name;
  }
  return true;
}

/** RFC 8785: names in the order of their UTF-16 units; ECMAScript writes strings and numbers as it asks. */
export function canonicalJson(value: Json): string {
  return isOrdered(value) ? JSON.stringify(value) : written(value);
}

function written(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const object = value as JsonObject;
  const fields = Object.keys(object).sort();
  return `{${fields.map((name) => `${JSON.stringify(name)}:${written(object[name] as Json)}`).join(',')}}`;
}

/** @throws Malformed unless the text is canonical: duplicate names, blanks, other spellings and stray ends all show in the comparison */
export function parseCanonical(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new Malformed('not JSON');
  }
  if (canonicalJson(value) !== text) throw new Malformed('not canonical JSON (RFC 8785)');
  return value;
}

/** The object with these fields and no others. @throws Malformed */
export function fieldsOf(value: Json | undefined, required: readonly string[], optional: readonly string[] = []): JsonObject {
  const names = Object.keys(objectOf(value));
  if (!required.every((name) => names.includes(name))) throw new Malformed(`not all of ${required.join(', ')}`);
  const stray = names.find((name) => !required.includes(name) && !optional.includes(name));
  if (stray !== undefined) throw new Malformed(`unknown field ${stray}`);
  return value as JsonObject;
}

/** An object, whatever its fields. @throws Malformed */
export function objectOf(value: Json | undefined): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Malformed('not an object');
  return value as JsonObject;
}

/** A count or a place. @throws Malformed */
export function numberOf(value: Json | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Malformed('not a count');
  return value;
}

/** @throws Malformed */
export function stringOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Malformed('not a string');
  return value;
}

/** @throws Malformed for a list that is no list or longer than `most` */
export function listOf(value: Json | undefined, most: number): readonly Json[] {
  if (!Array.isArray(value) || value.length > most) throw new Malformed(`not a list of at most ${most}`);
  return value;
}
