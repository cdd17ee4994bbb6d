/** Merkle inclusion of RFC 9162, section 2.1, over the hash that is given: all that ties one record to a signed root. */
import { fromHex, toHex } from './bytes.js';

type Hash = (bytes: Uint8Array) => Uint8Array;

/** Leaves and nodes are hashed under different prefixes, so that nobody can pass a node off as a leaf. */
const LEAF = '\u0000';
const NODE = 1;
const HEX_64 = /^[0-9a-f]{64}$/;
const utf8 = new TextEncoder();

/** 64 hex */
export function leafHash(sha256: Hash, text: string): string {
  return toHex(sha256(utf8.encode(LEAF + text)));
}

/** A hash over two, written into the same bytes again and again. */
function nodeHasher(sha256: Hash): (left: Uint8Array, right: Uint8Array) => Uint8Array {
  const whole = new Uint8Array(65);
  whole[0] = NODE;
  return (left, right) => {
    whole.set(left, 1);
    whole.set(right, 33);
    return sha256(whole);
  };
}

/** What ties a leaf to a root; hashes are 64 hex. */
export interface Inclusion {
  readonly leaf: string;
  /** the leaf's place, from 0 */
  readonly index: number;
  /** the number of leaves */
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
}

/**
 * Section 2.1.3.2. Index and size decide the shape of the path, so one that is too long, too short or for another
 * place fails. Halving by division keeps sizes beyond 32 bits exact.
 */
export function isIncluded(sha256: Hash, { leaf, index, size, path, root }: Inclusion): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (![leaf, root, ...path].every((hash) => HEX_64.test(hash))) return false;
  let [place, last] = [index, size - 1];
  const nodeHash = nodeHasher(sha256);
  let hash = fromHex(leaf);
  for (const sibling of path.map(fromHex)) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, sibling);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && toHex(hash) === root;
}
