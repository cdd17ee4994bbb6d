/** ECDSA P-256 signatures: from DER, in its one form, to the 64 bytes r ‖ s that WebCrypto and node:crypto check. */
import { Malformed } from './bytes.js';
import { contentOf, inside, single, TAG } from './der.js';

/** Half the order of P-256, big-endian. */
const HALF_ORDER = Uint8Array.from(
  '7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8'.match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

/** 32 bytes, big-endian. @throws Malformed for a negative number, one with needless zeros, or one that is too long */
function scalar(content: Uint8Array): Uint8Array {
  const [first = 0x80, second = 0] = content;
  if (first >= 0x80 || (first === 0 && second < 0x80)) throw new Malformed('not a positive DER integer');
  const digits = first === 0 ? content.subarray(1) : content;
  if (digits.length > 32) throw new Malformed('a number beyond the curve');
  const bytes = new Uint8Array(32);
  bytes.set(digits, 32 - digits.length);
  return bytes;
}

/** @throws Malformed when the bytes are not SEQUENCE { INTEGER r, INTEGER s } in DER */
export function rawSignature(der: Uint8Array): Uint8Array {
  const [r, s, ...others] = inside(single(der), TAG.sequence);
  if (others.length > 0) throw new Malformed('a signature of more than two numbers');
  const raw = new Uint8Array(64);
  raw.set(scalar(contentOf(r, TAG.integer)));
  raw.set(scalar(contentOf(s, TAG.integer)), 32);
  return raw;
}

/** Of the two signatures that are equally good, Fabric takes the one with the lower s; the other is somebody's copy. */
export function hasLowS(raw: Uint8Array): boolean {
  for (let index = 0; index < 32; index += 1) {
    const difference = (raw[32 + index] as number) - (HALF_ORDER[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return true;
}

/** DER again, for who checks that form. */
export function derSignature(raw: Uint8Array): Uint8Array {
  const der = new Uint8Array(72);
  let end = 2;
  for (const from of [0, 32]) {
    let start = from;
    while (start < from + 31 && raw[start] === 0) start += 1;
    // A number whose first bit is set would read as a negative one.
    const zeros = (raw[start] as number) > 0x7f ? 1 : 0;
    der[end] = TAG.integer;
    der[end + 1] = zeros + from + 32 - start;
    der.set(raw.subarray(start, from + 32), end + 2 + zeros);
    end += 2 + zeros + from + 32 - start;
  }
  der[0] = TAG.sequence;
  der[1] = end - 2;
  return der.subarray(0, end);
}
