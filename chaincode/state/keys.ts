/**
 * State keys: a type tag and its parts, joined by `~`, which no part can hold; so two different
 * lists of parts never make the same key. All parts are ASCII: byte order and string order agree.
 */
export const RECORD_TYPES = [
  'agency',
  'founder',
  'instrument',
  'feature',
  'centre',
  'partner',
  'officer',
  'operation',
  'catalogue-head',
  'catalogue-version',
  'opinion',
  'guide',
  'edition',
  'edition-head',
  'case',
  'case-party',
  'entry',
  'handoff',
  'session',
  'certificate',
  'certificate-digest',
  'certificate-batch',
  'grant',
  'grant-count',
  'use',
  'release',
  'subject',
  'anchor-batch',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

const PART = /^[0-9A-Za-z._-]{1,128}$/;

/** @throws Error when a part could not have passed the input schemas: a programming mistake, not bad input. */
export function key(type: RecordType, ...parts: readonly (string | number)[]): string {
  for (const part of parts) if (!PART.test(String(part))) throw new Error(`not a key part: ${JSON.stringify(part)}`);
  return [type, ...parts].join('~');
}

/** Reads a key back; undefined for a key that `key` does not make. */
export function parseKey(text: string): { type: RecordType; parts: string[] } | undefined {
  const [type, ...parts] = text.split('~');
  if (!RECORD_TYPES.includes(type as RecordType) || !parts.every((part) => PART.test(part))) return undefined;
  return { type: type as RecordType, parts };
}

/** A number as a key part whose string order is its numeric order. */
export function ordinal(value: number): string {
  return String(value).padStart(8, '0');
}
