import { describe, expect, it } from 'vitest';
import { codeAgreement } from '../../api/routes/answers/code-agreement.js';

const [ours, other] = ['a'.repeat(64), 'b'.repeat(64)];
const say = (...digests: (string | undefined)[]) => digests.map((codeDigest) => (codeDigest === undefined ? {} : { codeDigest }));

describe('four provinces’ code', () => {
  it('is the same when all four say so', () => expect(codeAgreement(say(ours, ours, ours, ours))).toBe('same'));
  it('is different when one says another', () => expect(codeAgreement(say(ours, ours, other, ours))).toBe('different'));
  it('is different also while a third is silent', () =>
    expect(codeAgreement(say(ours, undefined, other, ours))).toBe('different'));
  it('is not known while one is silent', () => expect(codeAgreement(say(ours, ours, undefined, ours))).toBe('unknown'));
  it('is not known when all are', () => expect(codeAgreement(say(undefined, undefined, undefined, undefined))).toBe('unknown'));
});
