/**
 * Of the two values of s that make an ECDSA signature valid, Fabric takes the lower, so that a
 * signature has one form only and nobody can pass on a second one. P-256, DER.
 */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const HALF_ORDER = Buffer.from('7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8', 'hex');

interface Parts {
  /** content of the DER integers, sign octet included */
  readonly r: Buffer;
  readonly s: Buffer;
}

/** Undefined when the bytes are not SEQUENCE { INTEGER, INTEGER } and nothing else. */
function parse(signature: Uint8Array): Parts | undefined {
  const bytes = Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength);
  const rLength = bytes[3] ?? 0;
  const sLength = bytes[5 + rLength] ?? 0;
  const whole = bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && bytes[2] === 0x02 && bytes[4 + rLength] === 0x02;
  if (!whole || 6 + rLength + sLength !== bytes.length || rLength === 0 || sLength === 0) return undefined;
  return { r: bytes.subarray(4, 4 + rLength), s: bytes.subarray(6 + rLength) };
}

function isLow(s: Buffer): boolean {
  const significant = s[0] === 0 ? s.subarray(1) : s;
  return significant.length < 32 || (significant.length === 32 && Buffer.compare(significant, HALF_ORDER) <= 0);
}

function derInteger(value: bigint): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  const content = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}

/** Whether a DER signature has the lower s. */
export function hasLowS(signature: Uint8Array): boolean {
  const parts = parse(signature);
  return parts !== undefined && isLow(parts.s);
}

/** The same signature with the lower s. @throws Error when it is no DER signature */
export function lowS(signature: Buffer): Buffer {
  const parts = parse(signature);
  if (!parts) throw new Error('not a DER signature');
  if (isLow(parts.s)) return signature;
  const s = derInteger(ORDER - BigInt(`0x${parts.s.toString('hex')}`));
  const length = 2 + parts.r.length + s.length;
  return Buffer.concat([Buffer.from([0x30, length, 0x02, parts.r.length]), parts.r, s]);
}
