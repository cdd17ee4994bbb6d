/** Reads DER (X.690) as certificates and revocation lists use it: short tags, definite lengths in their one form. */
import { Malformed } from './bytes.js';

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** A place in the source; bytes are only cut out when asked for, since most elements are merely passed through. */
export class Element {
  readonly tag: number;
  readonly source: Uint8Array;
  readonly #start: number;
  readonly contentStart: number;
  readonly end: number;

  constructor(source: Uint8Array, start: number, contentStart: number, end: number) {
    this.tag = source[start] as number;
    this.source = source;
    this.#start = start;
    this.contentStart = contentStart;
    this.end = end;
  }

  /** tag and length included */
  get whole(): Uint8Array {
    return this.source.subarray(this.#start, this.end);
  }

  get content(): Uint8Array {
    return this.source.subarray(this.contentStart, this.end);
  }
}

/** The element at a place, which must end at `limit` or before. @throws Malformed */
function elementAt(source: Uint8Array, start: number, limit: number): Element {
  const first = source[start + 1] ?? 0x80;
  let length = first;
  let contentStart = start + 2;
  if (first >= 0x80) {
    const count = first & 0x7f;
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (source[contentStart + index] ?? 0);
    if (count < 1 || count > 3 || length < 0x80 || length < 256 ** (count - 1))
      throw new Malformed('a length in another form than DER');
    contentStart += count;
  }
  if (contentStart + length > limit) throw new Malformed('an element reaches beyond its parent');
  return new Element(source, start, contentStart, contentStart + length);
}

/** All elements that follow one another between two places. @throws Malformed when they do not fill them exactly */
function elementsBetween(source: Uint8Array, start: number, end: number): Element[] {
  const elements: Element[] = [];
  for (let offset = start; offset < end; offset = (elements.at(-1) as Element).end) elements.push(elementAt(source, offset, end));
  return elements;
}

/** @throws Malformed when the element is missing or of another tag */
function expectTag(element: Element | undefined, tag: number): Element {
  if (element?.tag !== tag) throw new Malformed(`expected DER tag ${tag}, found ${element?.tag}`);
  return element;
}

/** The elements inside one of this tag. @throws Malformed */
export function inside(element: Element | undefined, tag: number): Element[] {
  const { source, contentStart, end } = expectTag(element, tag);
  return elementsBetween(source, contentStart, end);
}

/** @throws Malformed when the element is missing or of another tag */
export function contentOf(element: Element | undefined, tag: number): Uint8Array {
  return expectTag(element, tag).content;
}

/** The one element that these bytes are. @throws Malformed */
export function single(source: Uint8Array): Element {
  const only = elementAt(source, 0, source.length);
  if (only.end !== source.length) throw new Malformed('not one DER element');
  return only;
}

/** Whether this is the object identifier with these encoded bytes. @throws Malformed when it is none at all */
export function isOid(element: Element | undefined, encoded: Uint8Array): boolean {
  const { source, contentStart, end } = expectTag(element, TAG.oid);
  if (end - contentStart !== encoded.length) return false;
  for (let index = 0; index < encoded.length; index += 1) if (source[contentStart + index] !== encoded[index]) return false;
  return true;
}

/** A bit string of whole octets. @throws Malformed */
export function bitsOf(element: Element | undefined): Uint8Array {
  const content = contentOf(element, TAG.bitString);
  if (content[0] !== 0) throw new Malformed('a bit string with unused bits');
  return content.subarray(1);
}

const [ZERO, NINE, ZULU] = [0x30, 0x39, 0x5a];

/** Milliseconds since the epoch. RFC 5280, 4.1.2.5: UTCTime to 2049, GeneralizedTime after, both with seconds and Z. @throws Malformed */
export function timeOf(element: Element | undefined): number {
  const isLong = element?.tag === TAG.generalizedTime;
  const text = contentOf(element, isLong ? TAG.generalizedTime : TAG.utcTime);
  if (text.length !== (isLong ? 15 : 13) || text[text.length - 1] !== ZULU) throw new Malformed('not a time');
  const pair = (index: number) => ((text[index] as number) - ZERO) * 10 + (text[index + 1] as number) - ZERO;
  for (let index = 0; index < text.length - 1; index += 1)
    if ((text[index] as number) < ZERO || (text[index] as number) > NINE) throw new Malformed('not a time');
  const year = isLong ? pair(0) * 100 + pair(2) : pair(0) + (pair(0) < 50 ? 2000 : 1900);
  const after = isLong ? 4 : 2;
  const [month, day, hour, minute, second] = [pair(after), pair(after + 2), pair(after + 4), pair(after + 6), pair(after + 8)];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  // A 31st of June would become the 1st of July, and a 13th month the next January.
  const stands = date.getUTCDate() === day && date.getUTCMonth() === month - 1 && hour < 24 && minute < 60 && second < 60;
  if (!stands) throw new Malformed('not a time');
  return time;
}
