/** Reads DER (X.690) as certificates and revocation lists use it: short tags, definite lengths in their one form. */
import { Malformed, toHex } from './bytes.js';

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

/** An object identifier's encoded bytes, hex. @throws Malformed */
export function oidOf(element: Element | undefined): string {
  return toHex(contentOf(element, TAG.oid));
}

/** A bit string of whole octets. @throws Malformed */
export function bitsOf(element: Element | undefined): Uint8Array {
  const content = contentOf(element, TAG.bitString);
  if (content[0] !== 0) throw new Malformed('a bit string with unused bits');
  return content.subarray(1);
}

/** Milliseconds since the epoch. RFC 5280, 4.1.2.5: UTCTime to 2049, GeneralizedTime after, both with seconds and Z. @throws Malformed */
export function timeOf(element: Element | undefined): number {
  const isLong = element?.tag === TAG.generalizedTime;
  const text = String.fromCharCode(...contentOf(element, isLong ? TAG.generalizedTime : TAG.utcTime));
  if (!/^\d+Z$/.test(text) || text.length !== (isLong ? 15 : 13)) throw new Malformed('not a time');
  const digits = isLong ? text : `${text < '50' ? '20' : '19'}${text}`;
  const part = (from: number, to: number) => Number(digits.slice(from, to));
  const time = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14));
  // A 31st of June would become the 1st of July.
  if (new Date(time).getUTCDate() !== part(6, 8) || part(8, 10) > 23 || part(10, 12) > 59) throw new Malformed('not a time');
  return time;
}
