import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROOF_FAULTS, SIGNER_FAULTS, UNDECIDED } from '../../network/proof/faults.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { openRevocationList } from '../../network/proof/revocation.js';
import { parseTrust } from '../../network/proof/trust.js';
import { verifyReceipt } from '../../network/proof/verify-receipt.js';

const FOLDER = join(import.meta.dirname, '../vectors/receipts');
const CASES = readdirSync(FOLDER);

interface Expected {
  readonly about: string;
  readonly verdict: string;
  readonly faults: Readonly<Record<string, string>>;
}

const expectedOf = (name: string): Expected => JSON.parse(readFileSync(join(FOLDER, name, 'case.json'), 'utf8'));

async function judge(name: string) {
  const folder = join(FOLDER, name);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const trust = parseTrust(read('trust.json'));
  const names = readdirSync(folder).filter((file) => file.endsWith('.crl'));
  const lists = await Promise.all(names.map((file) => openRevocationList(read(file), trust, nodePrimitives.checkSignature)));
  const bytes = existsSync(join(folder, 'document')) ? readFileSync(join(folder, 'document')) : undefined;
  const document = bytes && [{ alg: 'sha-256', value: createHash('sha256').update(bytes).digest('hex') }];
  return verifyReceipt(read('receipt.json'), { trust, primitives: nodePrimitives, lists, ...(document && { document }) });
}

describe('receipts, a folder a case', () => {
  it.each(CASES)('%s', async (name) => {
    const { verdict, faults } = expectedOf(name);
    const judgement = await judge(name);
    const found = judgement.checks.filter(({ code }) => code).map((check) => [check.name, check.code]);
    expect({ verdict: judgement.verdict, faults: Object.fromEntries(found) }).toEqual({ verdict, faults });
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
  const all = CASES.map(expectedOf);
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
    for (const name of CASES) expect(name.startsWith('holds-'), name).toBe(expectedOf(name).verdict === 'holds');
  });
});
