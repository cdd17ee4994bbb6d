/**
 * The trees of `tree.ts` over many leaves: leaf hashes lie side by side in one run of bytes, which is how a
 * transaction carries them, and no object is made for any of them. Node's own SHA-256 is some five times as
 * fast as one in JavaScript, and like every SHA-256 the same on every peer.
 */
import { hash } from 'node:crypto';
import { EMPTY_ROOT } from './tree.js';

const HASH_BYTES = 32;
const LEAF_PREFIX = '\u0000';
const NODE_PREFIX = 1;

/** The hashes of leaves given as text, which counts as UTF-8, side by side. */
export function packLeaves(texts: readonly string[]): Buffer {
  const packed = Buffer.alloc(texts.length * HASH_BYTES);
  for (const [index, text] of texts.entries())
    packed.write(hash('sha256', LEAF_PREFIX + text, 'binary'), index * HASH_BYTES, 'binary');
  return packed;
}

/** How many leaves there are. @throws RangeError for bytes that are no whole number of hashes */
export function packedSize(leaves: Uint8Array): number {
  if (leaves.length % HASH_BYTES !== 0) throw new RangeError(`${leaves.length} bytes are no whole number of hashes`);
  return leaves.length / HASH_BYTES;
}

/** A leaf's hash, 64 hex. @throws RangeError */
export function packedLeaf(leaves: Buffer, index: number): string {
  if (!Number.isInteger(index) || index < 0 || index >= packedSize(leaves)) throw new RangeError(`no leaf ${index}`);
  return leaves.toString('hex', index * HASH_BYTES, (index + 1) * HASH_BYTES);
}

/** Writes the level above over the level itself; a last hash without a neighbour goes up unchanged. @returns its size */
function fold(level: Buffer, size: number, node: Buffer): number {
  const pairs = Math.floor(size / 2);
  for (let pair = 0; pair < pairs; pair++) {
    level.copy(node, 1, 2 * pair * HASH_BYTES, 2 * (pair + 1) * HASH_BYTES);
    level.write(hash('sha256', node, 'binary'), pair * HASH_BYTES, 'binary');
  }
  if (size % 2 === 0) return pairs;
  level.copy(level, pairs * HASH_BYTES, (size - 1) * HASH_BYTES, size * HASH_BYTES);
  return pairs + 1;
}

/** Folds the leaves to their root, telling of each level before it is folded. */
function climb(leaves: Uint8Array, each: (level: Buffer, size: number) => void): string {
  let size = packedSize(leaves);
  if (size === 0) return EMPTY_ROOT;
  const level = Buffer.from(leaves);
  const node = Buffer.alloc(1 + 2 * HASH_BYTES, NODE_PREFIX);
  while (size > 1) {
    each(level, size);
    size = fold(level, size, node);
  }
  return packedLeaf(level, 0);
}

/** The root over leaf hashes, 64 hex. @throws RangeError for bytes that are no whole number of hashes */
export function packedRoot(leaves: Uint8Array): string {
  return climb(leaves, () => {});
}

/** The hashes that lead from the leaf at `index` to the root, lowest first, and the root. @throws RangeError */
export function packedPath(leaves: Buffer, index: number): { path: string[]; root: string } {
  packedLeaf(leaves, index);
  const path: string[] = [];
  let place = index;
  const root = climb(leaves, (level, size) => {
    const sibling = place % 2 === 0 ? place + 1 : place - 1;
    if (sibling < size) path.push(packedLeaf(level, sibling));
    place = Math.floor(place / 2);
  });
  return { path, root };
}
