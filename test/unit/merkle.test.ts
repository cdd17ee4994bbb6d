import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildTree, EMPTY_ROOT, type InclusionProof, leafHash, nodeHash, verifyInclusion } from '../../chaincode/merkle/tree.js';
import { isIncluded } from '../../network/proof/inclusion.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';

const VECTORS = '../shared/vectors/merkle-inclusion';
const PUBLISHED = 98;

interface Vector {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const hex = (base64: string) => Buffer.from(base64, 'base64').toString('hex');

const vectorFiles = existsSync(VECTORS)
  ? readdirSync(VECTORS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'))
  : [];

const reason =
  vectorFiles.length === 0
    ? `${PUBLISHED} proofs are not judged: ${VECTORS} is not there, and no part of the repository`
    : undefined;

describe.skipIf(reason)(`published inclusion proofs${reason ? ` (${reason})` : ''}`, () => {
  it('are there in full', () => {
    expect(vectorFiles.length).toBeGreaterThanOrEqual(PUBLISHED);
  });

  it.each(vectorFiles)('%s is judged as published', (name) => {
    const vector: Vector = JSON.parse(readFileSync(join(VECTORS, name), 'utf8'));
    const leaf = hex(vector.leafHash);
    const place = { index: vector.leafIdx, size: vector.treeSize, path: (vector.proof ?? []).map(hex), root: hex(vector.root) };
    const byContract = verifyInclusion({ ...place, leafHash: leaf });
    const byVerifier = isIncluded(nodePrimitives.sha256, { ...place, leaf });
    expect({ byContract, byVerifier }).toEqual({ byContract: !vector.wantErr, byVerifier: !vector.wantErr });
  });
});

const sha256 = (...parts: readonly Uint8Array[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** RFC 9162 section 2.1.1 as it is written: split at the largest power of two below the size. */
function rootByDefinition(leaves: readonly string[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), Buffer.from(leaves[0] ?? ''));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(Buffer.of(1), rootByDefinition(leaves.slice(0, split)), rootByDefinition(leaves.slice(split)));
}

const entries = (size: number) => Array.from({ length: size }, (_, index) => `entry ${index}`);
const flipped = (hash: string) => (hash.startsWith('0') ? '1' : '0') + hash.slice(1);

describe('a tree', () => {
  it('without leaves has the root of nothing', () => {
    expect(buildTree([]).root).toBe(EMPTY_ROOT);
    expect(EMPTY_ROOT).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('of one leaf has that leaf as its root and an empty path', () => {
    const tree = buildTree([leafHash('only')]);
    expect(tree.root).toBe(leafHash('only'));
    expect(tree.path(0)).toEqual([]);
  });

  it('hashes leaves and nodes under different prefixes', () => {
    const [left, right] = [leafHash('left'), leafHash('right')];
    expect(nodeHash(left, right)).not.toBe(leafHash(Buffer.from(left + right, 'hex')));
    expect(leafHash('')).toBe('6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
  });

  it('takes text as its UTF-8 bytes', () => {
    expect(leafHash('长三角')).toBe(leafHash(Buffer.from('长三角', 'utf8')));
  });

  it.each([-1, 3, 1.5, Number.NaN])('gives no path for place %s of three', (index) => {
    expect(() => buildTree(entries(3).map(leafHash)).path(index)).toThrow(RangeError);
  });

  it('has the root of the definition and a path that holds for every leaf, at every size up to 300', () => {
    for (let size = 1; size <= 300; size++) {
      const leaves = entries(size);
      const tree = buildTree(leaves.map(leafHash));
      expect(tree.root).toBe(rootByDefinition(leaves).toString('hex'));
      for (let index = 0; index < size; index++) {
        const proof = { leafHash: leafHash(leaves[index] ?? ''), index, size, path: tree.path(index), root: tree.root };
        if (!verifyInclusion(proof)) throw new Error(`the path of leaf ${index} of ${size} does not hold`);
      }
    }
  });
});

const proofs = fc.integer({ min: 1, max: 300 }).chain((size) =>
  fc.integer({ min: 0, max: size - 1 }).map((index): InclusionProof => {
    const hashes = entries(size).map(leafHash);
    const tree = buildTree(hashes);
    return { leafHash: hashes[index] ?? '', index, size, path: tree.path(index), root: tree.root };
  }),
);

describe('a proof', () => {
  it('fails for any other place in a tree of the same size', () => {
    fc.assert(
      fc.property(proofs, fc.nat(400), (proof, index) => {
        expect(verifyInclusion({ ...proof, index })).toBe(index === proof.index);
      }),
    );
  });

  it('fails with any one hash changed', () => {
    fc.assert(
      fc.property(proofs, fc.nat(20), (proof, choice) => {
        const place = choice % (proof.path.length + 2);
        const path = proof.path.map((hash, index) => (index === place ? flipped(hash) : hash));
        const changed = {
          ...proof,
          path,
          leafHash: place === proof.path.length ? flipped(proof.leafHash) : proof.leafHash,
          root: place === proof.path.length + 1 ? flipped(proof.root) : proof.root,
        };
        expect(verifyInclusion(proof)).toBe(true);
        expect(verifyInclusion(changed)).toBe(false);
      }),
    );
  });

  it('fails when its path is one hash longer or shorter', () => {
    fc.assert(
      fc.property(proofs, (proof) => {
        expect(verifyInclusion({ ...proof, path: [...proof.path, proof.root] })).toBe(false);
        expect(verifyInclusion({ ...proof, path: [proof.root, ...proof.path] })).toBe(false);
        expect(verifyInclusion({ ...proof, path: proof.path.slice(1) })).toBe(proof.path.length === 0);
      }),
    );
  });

  it('fails when a node is passed off as a leaf', () => {
    const hashes = entries(4).map(leafHash);
    const tree = buildTree(hashes);
    const node = nodeHash(hashes[0] ?? '', hashes[1] ?? '');
    const sibling = nodeHash(hashes[2] ?? '', hashes[3] ?? '');
    expect(verifyInclusion({ leafHash: node, index: 0, size: 4, path: [sibling], root: tree.root })).toBe(false);
    expect(verifyInclusion({ leafHash: node, index: 0, size: 2, path: [sibling], root: tree.root })).toBe(true);
    expect(
      verifyInclusion({ leafHash: leafHash(Buffer.from(node, 'hex')), index: 0, size: 2, path: [sibling], root: tree.root }),
    ).toBe(false);
  });

  it('fails when its path goes on above the root of a tree of that size, even to the root that is claimed', () => {
    const above = leafHash('above');
    const claimed = nodeHash(above, leafHash('only'));
    const proof = { leafHash: leafHash('only'), index: 0, path: [above], root: claimed };
    expect(verifyInclusion({ ...proof, size: 1 })).toBe(false);
    expect(verifyInclusion({ ...proof, size: 2, index: 1 })).toBe(true);
  });

  it.each([
    ['a negative place', { index: -1 }],
    ['a place beyond the last', { index: 1 }],
    ['a fraction of a place', { index: 0.5 }],
    ['a size of nothing', { size: 0 }],
    ['a size that is no number', { size: Number.NaN }],
    ['a size beyond exact numbers', { size: 2 ** 53 }],
    ['upper-case hex', { leafHash: leafHash('only').toUpperCase(), root: leafHash('only').toUpperCase() }],
    ['a short hash', { leafHash: leafHash('only').slice(2), root: leafHash('only').slice(2) }],
    ['an empty hash', { leafHash: '', root: '' }],
  ])('with %s fails', (_what, change) => {
    const proof = { leafHash: leafHash('only'), index: 0, size: 1, path: [], root: leafHash('only') };
    expect(verifyInclusion(proof)).toBe(true);
    expect(verifyInclusion({ ...proof, ...change })).toBe(false);
  });

  it('of a place beyond 32 bits is judged exactly', () => {
    const size = 2 ** 40;
    const path = Array.from({ length: 40 }, (_, height) => leafHash(`sibling ${height}`));
    const root = path.reduce((hash, sibling) => nodeHash(sibling, hash), leafHash('last'));
    const proof = { leafHash: leafHash('last'), index: size - 1, size, path, root };
    expect(verifyInclusion(proof)).toBe(true);
    expect(verifyInclusion({ ...proof, index: size - 2 })).toBe(false);
    expect(verifyInclusion({ ...proof, index: 2 ** 32 - 1 })).toBe(false);
  });
});
