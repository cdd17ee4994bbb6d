import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTree, leafHash as contractLeaf, verifyInclusion } from '../../chaincode/merkle/tree.js';
import { isIncluded, leafHash } from '../../network/proof/inclusion.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';

const { sha256 } = nodePrimitives;

describe('the verifier’s inclusion', () => {
  it('agrees with the contract’s over trees of any size, places and changed paths', () => {
    const proof = fc
      .integer({ min: 1, max: 300 })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1), fc.nat(400), fc.nat(9)));
    fc.assert(
      fc.property(proof, ([size, index, otherIndex, cut]) => {
        const leaves = Array.from({ length: size }, (_unused, place) => leafHash(sha256, `leaf ${place}`));
        const tree = buildTree(leaves);
        const right = { leaf: leaves[index] as string, index, size, path: tree.path(index), root: tree.root };
        expect(isIncluded(sha256, right)).toBe(true);
        for (const wrong of [
          { ...right, index: otherIndex },
          { ...right, size: size + 1 },
          { ...right, path: right.path.slice(cut) },
          { ...right, path: [...right.path, tree.root] },
          { ...right, leaf: tree.root },
        ])
          expect(isIncluded(sha256, wrong)).toBe(verifyInclusion({ ...wrong, leafHash: wrong.leaf }));
      }),
      { numRuns: 60 },
    );
  });

  it('hashes a leaf as the contract does, and refuses hashes that are none', () => {
    expect(leafHash(sha256, '长三角')).toBe(contractLeaf('长三角'));
    const tree = buildTree([contractLeaf('a'), contractLeaf('b')]);
    const right = { leaf: contractLeaf('a'), index: 0, size: 2, path: tree.path(0), root: tree.root };
    expect(isIncluded(sha256, { ...right, leaf: right.leaf.toUpperCase() })).toBe(false);
    expect(isIncluded(sha256, { ...right, path: [`${right.path[0]}00`] })).toBe(false);
    expect(isIncluded(sha256, { ...right, size: 2 ** 53 })).toBe(false);
  });
});
