import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type EvidenceJudgement, verifyEvidence } from '../../network/proof/evidence/verify-evidence.js';
import { EVIDENCE_FAULTS } from '../../network/proof/faults.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust } from '../../network/proof/trust.js';

const FOLDER = join(import.meta.dirname, '../vectors/evidence');
const CASES = readdirSync(FOLDER);

interface Expected {
  readonly about: string;
  readonly verdict: string;
  readonly faults: Readonly<Record<string, string>>;
}

const read = (name: string, file: string) => readFileSync(join(FOLDER, name, file), 'utf8');
const expectedOf = (name: string): Expected => JSON.parse(read(name, 'case.json'));

function judge(name: string): Promise<EvidenceJudgement> {
  const file = join(FOLDER, name, 'document');
  const value = existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex');
  const document = value ? { document: [{ alg: 'sha-256', value }] } : {};
  return verifyEvidence(read(name, 'evidence.json'), {
    trust: parseTrust(read(name, 'trust.json')),
    primitives: nodePrimitives,
    ...document,
  });
}

describe('evidence, a folder a case', () => {
  it.each(CASES)('%s', async (name) => {
    const { verdict, faults } = expectedOf(name);
    const judgement = await judge(name);
    const found = judgement.checks.filter(({ code }) => code).map((check) => [check.name, check.code]);
    expect({ verdict: judgement.verdict, faults: Object.fromEntries(found) }).toEqual({ verdict, faults });
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

describe('the collection of evidence', () => {
  const all = CASES.map(expectedOf);
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
    for (const name of CASES) expect(name.startsWith('holds-'), name).toBe(expectedOf(name).verdict === 'holds');
  });
});
