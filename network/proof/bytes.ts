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

/** Base64 in its one form: padded, no blanks, no stray bits; another spelling of the same bytes is refused. @throws Malformed */
export function fromBase64(text: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new Malformed('not base64');
  const binary = atob(text);
  if (btoa(binary) !== text) throw new Malformed('base64 with stray bits');
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function concat(left: Uint8Array, right: Uint8Array): Uint8Array {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

/** The DER in a PEM text with one block of this label. @throws Malformed */
export function fromPem(text: string, label: string): Uint8Array {
  const match = /^-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END ([A-Z0-9 ]+)-----\s*$/.exec(text);
  if (!match || match[1] !== label || match[3] !== label) throw new Malformed(`not one PEM block of a ${label}`);
  return fromBase64((match[2] as string).replace(/[\r\n]/g, ''));
}
