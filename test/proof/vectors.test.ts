import { describe, expect, it } from 'vitest';
import { PROOF_FAULTS, SIGNER_FAULTS, UNDECIDED } from '../../network/proof/faults.js';
import { verifyReceipt } from '../../network/proof/verify-receipt.js';
import { foundIn, KeptVectors } from '../support/kept-vectors.js';

const kept = new KeptVectors('receipts');
const judge = async (name: string) => verifyReceipt(kept.text(name), await kept.given(name));

describe('receipts, a folder a case', () => {
  it.each(kept.names)('%s', async (name) => {
    const { verdict, faults } = kept.expected(name);
    expect(foundIn(await judge(name))).toEqual({ verdict, faults });
  });
});

describe('the check of revocation', () => {
  it.each([
    ['holds-with-clean-lists', 'pass'],
    ['holds-with-older-lists', 'skipped'],
  ])('of %s: %s', async (name, result) => {
    const { checks } = await judge(name);
    expect(checks.find((check) => check.name === 'revocation')?.result).toBe(result);
  });
});

describe('the collection of cases', () => {
  const all = kept.names.map((name) => kept.expected(name));
  const holding = all.filter(({ verdict }) => verdict === 'holds').length;

  it('has at least sixty, and two that do not hold for each that does', () => {
    expect(all.length).toBeGreaterThanOrEqual(60);
    expect(all.length - holding).toBeGreaterThanOrEqual(2 * holding);
  });

  it('has every fault there is', () => {
    const seen = new Set(all.flatMap(({ faults }) => Object.values(faults)));
    expect([...PROOF_FAULTS, ...SIGNER_FAULTS, ...UNDECIDED].filter((code) => !seen.has(code))).toEqual([]);
  });

  it('names a case that holds as such, and no other', () => {
    for (const name of kept.names) expect(name.startsWith('holds-'), name).toBe(kept.expected(name).verdict === 'holds');
  });
});
