/** Bytes and texts without anything of Node, so that the verifier runs in a browser as it is. */

/** Bytes that are not what they should be. Whoever reads outside input turns it into a named fault. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws Malformed unless the bytes are UTF-8 */
export function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new Malformed('not UTF-8');
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** Six bits by character; one outside the alphabet, padding included, is negative. */
const SEXTETS = new Int32Array(256).fill(-1);
for (let index = 0; index < 64; index += 1) SEXTETS[ALPHABET.charCodeAt(index)] = index;
const utf8Encoder = new TextEncoder();
/** Written and read within one call: memory for every text costs as much as decoding it. */
const scratch = new Uint8Array(8192);

/** UTF-8, good until the next call. */
function charactersOf(text: string): Uint8Array {
  if (text.length > scratch.length) return utf8Encoder.encode(text);
  const { read, written } = utf8Encoder.encodeInto(text, scratch);
  return read === text.length ? scratch.subarray(0, written) : utf8Encoder.encode(text);
}

/** Base64 in its one form: padded, no blanks, no stray bits; another spelling of the same bytes is refused. @throws Malformed */
export function fromBase64(text: string): Uint8Array {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const characters = charactersOf(text);
  if (text.length % 4 !== 0 || characters.length !== text.length) throw new Malformed('not base64');
  // Padding stands for zeros: the letter A.
  characters.fill(ALPHABET.charCodeAt(0), text.length - padding);
  const bytes = new Uint8Array((text.length / 4) * 3);
  const sextet = (index: number) => SEXTETS[characters[index] as number] as number;
  let seen = 0;
  for (let index = 0, offset = 0; index < characters.length; index += 4, offset += 3) {
    const bits = (sextet(index) << 18) | (sextet(index + 1) << 12) | (sextet(index + 2) << 6) | sextet(index + 3);
    seen |= bits;
    bytes[offset] = bits >> 16;
    bytes[offset + 1] = bits >> 8;
    bytes[offset + 2] = bits;
  }
  if (seen < 0) throw new Malformed('not base64');
  const length = bytes.length - padding;
  if (bytes.subarray(length).some((byte) => byte !== 0)) throw new Malformed('base64 with stray bits');
  return bytes.subarray(0, length);
}

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

function nibble(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

/** @param text an even number of hexadecimal characters, which the caller has checked */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = nibble(text, 2 * index) * 16 + nibble(text, 2 * index + 1);
  return bytes;
}

export function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}

/** The DER in a PEM text with one block of this label. @throws Malformed */
export function fromPem(text: string, label: string): Uint8Array {
  const match = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END ([A-Z0-9 ]+)-----\s*$/.exec(text);
  if (!match || match[1] !== label || match[3] !== label) throw new Malformed(`not one PEM block of a ${label}`);
  return fromBase64((match[2] as string).replace(/[\r\n]/g, ''));
}
