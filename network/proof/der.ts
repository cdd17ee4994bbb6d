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

export interface Element {
  readonly tag: number;
  /** tag and length included */
  readonly whole: Uint8Array;
  readonly content: Uint8Array;
}

function lengthAt(source: Uint8Array, offset: number): { readonly length: number; readonly size: number } {
  const first = source[offset] ?? 0x80;
  if (first < 0x80) return { length: first, size: 1 };
  const count = first & 0x7f;
  let length = 0;
  for (let index = 1; index <= count; index += 1) length = length * 256 + (source[offset + index] ?? 0);
  if (count < 1 || count > 3 || length < 0x80 || length < 256 ** (count - 1))
    throw new Malformed('a length in another form than DER');
  return { length, size: 1 + count };
}

/** All elements that follow one another in these bytes. @throws Malformed when they do not fill them exactly */
export function elementsOf(source: Uint8Array): Element[] {
  const elements: Element[] = [];
  let offset = 0;
  while (offset < source.length) {
    const { length, size } = lengthAt(source, offset + 1);
    const start = offset + 1 + size;
    const end = start + length;
    if (end > source.length) throw new Malformed('an element reaches beyond its parent');
    elements.push({ tag: source[offset] as number, whole: source.subarray(offset, end), content: source.subarray(start, end) });
    offset = end;
  }
  return elements;
}

/** The elements inside one of this tag. @throws Malformed */
export function inside(element: Element | undefined, tag: number): Element[] {
  return elementsOf(contentOf(element, tag));
}

/** @throws Malformed when the element is missing or of another tag */
export function contentOf(element: Element | undefined, tag: number): Uint8Array {
  if (element?.tag !== tag) throw new Malformed(`expected DER tag ${tag}, found ${element?.tag}`);
  return element.content;
}

/** The one element that these bytes are. @throws Malformed */
export function single(source: Uint8Array): Element {
  const [only, ...others] = elementsOf(source);
  if (!only || others.length > 0) throw new Malformed('not one DER element');
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
  const text = String.fromCharCode(...(element?.content ?? []));
  const long = element?.tag === TAG.generalizedTime;
  const match = (long ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text);
  if (!match || (!long && element?.tag !== TAG.utcTime)) throw new Malformed('not a time');
  const [year = '', ...rest] = match.slice(1);
  const full = long ? year : `${Number(year) < 50 ? '20' : '19'}${year}`;
  const [month, day, hour, minute, second] = rest;
  const time = Date.parse(`${full}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(time)) throw new Malformed('not a time');
  return time;
}
