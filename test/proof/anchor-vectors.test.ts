import { describe, expect, it } from 'vitest';
import { ANCHOR_FAULTS, SIGNER_FAULTS } from '../../network/proof/faults.js';
import { verifyAnchor } from '../../network/proof/verify-anchor.js';
import { FORGERIES, MISSHAPEN } from '../support/anchor-vectors/forgeries.js';
import { foundIn, KeptVectors } from '../support/kept-vectors.js';

const kept = new KeptVectors('anchors');

describe('proofs of anchored records, a folder a case', () => {
  it.each(kept.names)('%s', async (name) => {
    const { verdict, faults } = kept.expected(name);
    expect(foundIn(await verifyAnchor(kept.text(name), await kept.given(name)))).toEqual({ verdict, faults });
  });

  it.each([
    ['holds-superseded-later', 'pass'],
    ['revoked-before', 'fail'],
    ['holds-third-of-five', 'skipped'],
  ])('have their signers looked up in the lists that are given: %s, %s', async (name, result) => {
    const { checks } = await verifyAnchor(kept.text(name), await kept.given(name));
    expect(checks.find((check) => check.name === 'revocation')?.result).toBe(result);
  });

  it('say whose record it is, and how many provinces signed for its root', async () => {
    const { proof, signers, required } = await verifyAnchor(kept.text('holds-of-a-case'), await kept.given('holds-of-a-case'));
    expect(proof?.record).toMatchObject({ recordId: 'c-1', caseId: '31-case-1' });
    expect([new Set(signers.map(({ mspId }) => mspId)).size, required]).toEqual([3, 3]);
  });
});

describe('the collection of anchored records', () => {
  const all = kept.names.map((name) => kept.expected(name));
  const holding = all.filter(({ verdict }) => verdict === 'holds').length;

  it('has ten cases that hold, and two that do not for each of them', () => {
    expect(holding).toBeGreaterThanOrEqual(10);
    expect(all.length - holding).toBeGreaterThanOrEqual(2 * holding);
  });

  it('has every fault of an anchor, those of its signers that others do not cover better, and every forgery', () => {
    const seen = new Set(all.flatMap(({ faults }) => Object.values(faults)));
    const elsewhere = ['signer.certificate', 'signer.unknown', 'signer.validity'];
    expect([...ANCHOR_FAULTS, ...SIGNER_FAULTS].filter((code) => !seen.has(code))).toEqual(elsewhere);
    expect([...FORGERIES, ...MISSHAPEN].filter(({ name }) => !kept.names.includes(name))).toEqual([]);
  });

  it('names a case that holds as such, and no other', () => {
    for (const name of kept.names) expect(name.startsWith('holds-'), name).toBe(kept.expected(name).verdict === 'holds');
  });
});
