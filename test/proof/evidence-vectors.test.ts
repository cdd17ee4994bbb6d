import { describe, expect, it } from 'vitest';
import { type EvidenceJudgement, verifyEvidence } from '../../network/proof/evidence/verify-evidence.js';
import { EVIDENCE_FAULTS } from '../../network/proof/faults.js';
import { foundIn, KeptVectors } from '../support/kept-vectors.js';

const kept = new KeptVectors('evidence');
const judge = async (name: string): Promise<EvidenceJudgement> => verifyEvidence(kept.text(name), await kept.given(name));

describe('evidence, a folder a case', () => {
  it.each(kept.names)('%s', async (name) => {
    const { verdict, faults } = kept.expected(name);
    expect(foundIn(await judge(name))).toEqual({ verdict, faults });
  });

  it.each([
    ['holds-certificate', 'yes', 'yes', 'yes', ['valid']],
    ['holds-revoked', 'yes', 'yes', 'yes', ['revoked']],
    ['holds-before-revocation', 'yes', 'yes', 'yes', ['valid']],
    ['holds-expired', 'yes', 'yes', 'yes', ['expired']],
    ['holds-use', 'yes', 'yes', 'yes', ['permitted', 'active']],
    ['holds-use-before-it-was', 'yes', 'yes', 'yes', ['not-recorded', 'not-recorded']],
    ['holds-case', 'yes', 'yes', 'yes', ['decided', 'valid', 'valid']],
    ['entry-dropped', 'no', 'yes', 'unknown', []],
    ['signature-flipped', 'no', 'no', 'unknown', []],
    ['signers-two', 'yes', 'no', 'unknown', []],
    ['signed-vote-against', 'yes', 'yes', 'no', ['permitted', 'active']],
    ['signed-use-too-late', 'yes', 'yes', 'no', ['not-recorded', 'active']],
    ['unknown-version', 'unknown', 'unknown', 'unknown', []],
  ] as const)('%s answers: intact %s, anchored %s, entitled %s, status %j', async (name, intact, anchored, entitled, status) => {
    const { answers } = await judge(name);
    const verdicts = answers.status.map(({ verdict }) => verdict);
    expect({ ...answers, status: verdicts }).toEqual({ intact, anchored, entitled, status });
  });
});

describe('the check of revocation, of every receipt', () => {
  it.each([
    ['holds-superseded-later', 'pass'],
    ['holds-revoked-beside-three', 'pass'],
    ['revoked-before-in-one', 'fail'],
    ['holds-case', 'skipped'],
  ])('of %s: %s', async (name, result) => {
    expect((await judge(name)).checks.find((check) => check.name === 'revocation')?.result).toBe(result);
  });
});

describe('the collection of evidence', () => {
  const all = kept.names.map((name) => kept.expected(name));
  const holding = all.filter(({ verdict }) => verdict === 'holds').length;

  it('has eight cases that hold, and two that do not for each of them', () => {
    expect(holding).toBeGreaterThanOrEqual(8);
    expect(all.length - holding).toBeGreaterThanOrEqual(2 * holding);
  });

  it('has every fault of evidence', () => {
    const seen = new Set(all.flatMap(({ faults }) => Object.values(faults)));
    expect(EVIDENCE_FAULTS.filter((code) => !seen.has(code))).toEqual([]);
  });

  it('names a case that holds as such, and no other', () => {
    for (const name of kept.names) expect(name.startsWith('holds-'), name).toBe(kept.expected(name).verdict === 'holds');
  });
});
