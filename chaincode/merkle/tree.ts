/**
 * Merkle trees of RFC 9162, section 2.1, over SHA-256. Leaves and nodes are hashed under different
 * prefixes, so that nobody can pass a node off as a leaf. Hashes are 64 lower-case hex characters.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);
const HASH = /^[0-9a-f]{64}$/;

/** The root of a tree without leaves: SHA-256 of nothing. */
export const EMPTY_ROOT = bytesToHex(sha256(new Uint8Array(0)));

export interface MerkleTree {
  readonly size: number;
  readonly root: string;
  /** The hashes that lead from the leaf at `index` to the root, lowest first. @throws RangeError */
  path(index: number): string[];
}

/** What ties a leaf to a root. */
export interface InclusionProof {
  readonly leafHash: string;
  /** the leaf's place, from 0 */
  readonly index: number;
  /** the number of leaves */
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
}

/** The hash of a leaf's bytes; text counts as UTF-8. */
export function leafHash(data: Uint8Array | string): string {
  const bytes = typeof data === 'string' ? utf8ToBytes(data) : data;
  return bytesToHex(sha256(concatBytes(LEAF_PREFIX, bytes)));
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(concatBytes(NODE_PREFIX, left, right));
}

/** The hash of a node over its two children. */
export function nodeHash(left: string, right: string): string {
  return bytesToHex(joined(hexToBytes(left), hexToBytes(right)));
}

/** Pairs neighbours; a last one without a neighbour goes up unchanged, which is RFC 9162's split at a power of two. */
function levelAbove(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const [left, right] = level.slice(index, index + 2);
    if (left) above.push(right ? joined(left, right) : left);
  }
  return above;
}

/** The tree over leaf hashes in their order. */
export function buildTree(leafHashes: readonly string[]): MerkleTree {
  const levels: Uint8Array[][] = [leafHashes.map((hash) => hexToBytes(hash))];
  for (let top = levels[0]; top && top.length > 1; top = levels[levels.length - 1]) levels.push(levelAbove(top));
  const [top] = levels[levels.length - 1] ?? [];
  return {
    size: leafHashes.length,
    root: top ? bytesToHex(top) : EMPTY_ROOT,
    path(index) {
      if (!Number.isInteger(index) || index < 0 || index >= leafHashes.length) throw new RangeError(`no leaf ${index}`);
      return levels.flatMap((level, height) => {
        const place = Math.floor(index / 2 ** height);
        const sibling = level[place % 2 === 0 ? place + 1 : place - 1];
        return sibling ? [bytesToHex(sibling)] : [];
      });
    },
  };
}

/**
 * Whether the path leads from the leaf to the root (RFC 9162, section 2.1.3.2). Index and size decide
 * the shape of the path, so a path that is too long, too short or for another place fails. Halving by
 * division keeps sizes beyond 32 bits exact.
 */
export function verifyInclusion({ leafHash: leaf, index, size, path, root }: InclusionProof): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  if (![leaf, root, ...path].every((hash) => HASH.test(hash))) return false;
  let place = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place /= 2;
        last = Math.floor(last / 2);
      }
    } else hash = nodeHash(hash, sibling);
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && hash === root;
}
