import { hash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packedLeaf, packedPath, packedRoot, packedSize, packLeaves } from '../../chaincode/merkle/packed.js';
import { buildTree, EMPTY_ROOT, leafHash, verifyInclusion } from '../../chaincode/merkle/tree.js';

const sha256 = (...parts: readonly Uint8Array[]) => hash('sha256', Buffer.concat(parts), 'buffer');

/** RFC 9162 section 2.1.1 over leaf hashes: split at the largest power of two below the size. */
function rootByDefinition(leaves: Buffer): Buffer {
  const size = leaves.length / 32;
  if (size === 1) return leaves;
  let split = 1;
  while (split * 2 < size) split *= 2;
  return sha256(Buffer.of(1), rootByDefinition(leaves.subarray(0, split * 32)), rootByDefinition(leaves.subarray(split * 32)));
}

const texts = (size: number) => Array.from({ length: size }, (_, index) => `entry ${index} 长三角`);

function proofOf(leaves: Buffer, index: number) {
  return { leafHash: packedLeaf(leaves, index), index, size: packedSize(leaves), ...packedPath(leaves, index) };
}

describe('a packed tree', () => {
  it('has the leaf hashes, the root and every path of the tree over the same leaves, at every size up to 300', () => {
    for (let size = 1; size <= 300; size++) {
      const leaves = packLeaves(texts(size));
      const tree = buildTree(texts(size).map(leafHash));
      expect(packedSize(leaves)).toBe(size);
      expect(packedRoot(leaves)).toBe(tree.root);
      for (let index = 0; index < size; index++) {
        expect(packedLeaf(leaves, index)).toBe(leafHash(texts(size)[index] ?? ''));
        expect(packedPath(leaves, index)).toEqual({ path: tree.path(index), root: tree.root });
      }
    }
  });

  it('without leaves has the root of nothing', () => {
    expect(packedRoot(Buffer.alloc(0))).toBe(EMPTY_ROOT);
    expect(packLeaves([])).toEqual(Buffer.alloc(0));
  });

  it('leaves the leaves that it was built over as they were', () => {
    const leaves = packLeaves(texts(9));
    const before = Buffer.from(leaves);
    packedPath(leaves, 4);
    packedRoot(leaves);
    expect(leaves).toEqual(before);
  });

  it('has the root of the definition and paths that hold at sizes sampled up to a million, for no other place', () => {
    const sizes = [2 ** 16 + 1, 1_000_000];
    const sampled = fc.sample(fc.integer({ min: 301, max: 1_000_000 }), 3);
    for (const size of [...sizes, ...sampled]) {
      const leaves = randomBytes(size * 32);
      const root = packedRoot(leaves);
      expect(root, `size ${size}`).toBe(rootByDefinition(leaves).toString('hex'));
      for (const index of [0, size - 1, ...fc.sample(fc.integer({ min: 1, max: size - 2 }), 1)]) {
        const proof = proofOf(leaves, index);
        expect(proof.root).toBe(root);
        expect(verifyInclusion(proof), `leaf ${index} of ${size}`).toBe(true);
        expect(verifyInclusion({ ...proof, index: index === 0 ? 1 : index - 1 })).toBe(false);
        expect(verifyInclusion({ ...proof, leafHash: packedLeaf(leaves, index === 0 ? 1 : index - 1) })).toBe(false);
        expect(verifyInclusion({ ...proof, path: proof.path.slice(1) })).toBe(false);
      }
    }
  }, 120_000);

  it.each([-1, 3, 0.5, Number.NaN])('gives neither leaf nor path for place %s of three', (index) => {
    const leaves = packLeaves(texts(3));
    expect(() => packedLeaf(leaves, index)).toThrow(RangeError);
    expect(() => packedPath(leaves, index)).toThrow(RangeError);
  });

  it.each([31, 33, 1])('is not made of %s bytes', (bytes) => {
    expect(() => packedRoot(Buffer.alloc(bytes))).toThrow(RangeError);
    expect(() => packedSize(Buffer.alloc(bytes))).toThrow(RangeError);
  });
});
