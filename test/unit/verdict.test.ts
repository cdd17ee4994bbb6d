import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Found, judge } from '../../api/verification/verdict.js';
import type {
  CertificateChange,
  CertificateDigestRecord,
  CertificateRecord,
} from '../../chaincode/transactions/certificate/certificate.js';
import { licenceId, original } from '../support/certificate-content.js';
import { freshAgencyId } from '../support/contract-world.js';
import { hash } from '../support/digests.js';

const issuer = freshAgencyId('310000');
const issuedAt = '2026-03-01T00:00:00.000Z';

const certificate = (changes: Partial<CertificateRecord> = {}): CertificateRecord => ({
  certificateId: `${issuer}-0001`,
  typeCode: 'food-licence',
  subject: hash('subject'),
  digests: [original('document')],
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2027-01-01T00:00:00Z',
  capture: { system: 's', version: '1', method: 'm', capturedAt: '2026-01-01T00:00:00Z' },
  issuer,
  province: '310000',
  issuedAt,
  transaction: hash('transaction'),
  changes: [],
  recordedAt: issuedAt,
  ...changes,
});

const theOriginal: CertificateDigestRecord = { certificateId: `${issuer}-0001`, role: 'original', recordedAt: issuedAt };
const copy: CertificateDigestRecord = {
  certificateId: `${issuer}-0001`,
  role: 'annotated-copy',
  purpose: 'tender',
  expiresAt: '2026-06-01T00:00:00Z',
  recordedAt: '2026-04-01T00:00:00.000Z',
};

const change = (kind: CertificateChange['change'], effectiveAt: string, recordedAt = effectiveAt): CertificateChange => ({
  change: kind,
  effectiveAt,
  recordedAt,
  transaction: hash(kind),
});

const found = (changes: Partial<CertificateRecord> = {}, digest: CertificateDigestRecord = theOriginal): Found => ({
  certificate: certificate(changes),
  digest,
});
const at = (asOf: string, knownAt = '2028-01-01T00:00:00Z') => ({ asOf, knownAt });
const ALL_PASS = { intact: 'pass', anchored: 'pass', issuer: 'pass', status: 'pass', copy: 'pass' };

describe('the original of a valid certificate', () => {
  it('passes every check', () => {
    expect(judge(found(), at('2026-05-01T00:00:00Z'))).toEqual({ verdict: 'valid', checks: ALL_PASS });
  });

  it('passes every check as a leaf of a batch too', () => {
    const leaf = found({ batch: { batchId: hash('batch'), index: 3 } });
    expect(judge(leaf, at('2026-05-01T00:00:00Z')).checks).toEqual(ALL_PASS);
  });
});

describe('bytes that nothing is on record about', () => {
  const nothing = { intact: 'unknown', anchored: 'fail', issuer: 'unknown', status: 'unknown', copy: 'unknown' };

  it('are unknown, and not called altered', () => {
    expect(judge(undefined, at('2026-05-01T00:00:00Z'))).toEqual({ verdict: 'unknown', checks: nothing });
  });

  it('are those of a certificate that was recorded only after knownAt', () => {
    const moment = at('2026-05-01T00:00:00Z', '2026-02-28T23:59:59Z');
    expect(judge(found(), moment)).toEqual({ verdict: 'unknown', checks: nothing });
    expect(judge(found(), { ...moment, knownAt: issuedAt }).verdict).toBe('valid');
  });

  it('are those of a copy that was recorded only after knownAt, though its certificate was known', () => {
    expect(judge(found({}, copy), at('2026-03-15T00:00:00Z', '2026-03-31T00:00:00Z'))).toEqual({
      verdict: 'unknown',
      checks: nothing,
    });
  });
});

describe('a certificate that is not valid', () => {
  const revoked = change('revoked', '2026-05-01T00:00:00Z', '2026-05-03T00:00:00Z');

  it.each([
    ['revoked', [revoked], '2026-05-01T00:00:00Z'],
    ['superseded', [change('superseded', '2026-05-01T00:00:00Z')], '2026-05-02T00:00:00Z'],
    ['suspended', [change('suspended', '2026-05-01T00:00:00Z')], '2026-05-02T00:00:00Z'],
    ['expired', [], '2027-01-01T00:00:00.001Z'],
    ['not-yet-valid', [], '2025-12-31T23:59:59Z'],
  ] as const)('is %s by its verdict and fails the status check alone', (verdict, changes, asOf) => {
    const judged = judge(found({ changes }), at(asOf));
    expect(judged.verdict).toBe(verdict);
    expect(judged.checks).toEqual({ ...ALL_PASS, status: 'fail' });
  });

  it('gives the change that decides', () => {
    expect(judge(found({ changes: [revoked] }), at('2026-06-01T00:00:00Z')).change).toEqual(revoked);
  });

  it('was valid on a day before, and as known before the change was recorded', () => {
    expect(judge(found({ changes: [revoked] }), at('2026-04-30T23:59:59Z')).checks).toEqual(ALL_PASS);
    const asKnown = at('2026-05-02T00:00:00Z', '2026-05-02T00:00:00Z');
    expect(judge(found({ changes: [revoked] }), asKnown)).toEqual({ verdict: 'valid', checks: ALL_PASS });
  });
});

describe('an annotated copy', () => {
  it('passes until it expires', () => {
    expect(judge(found({}, copy), at('2026-05-31T23:59:59.999Z'))).toEqual({ verdict: 'valid', checks: ALL_PASS });
  });

  it('fails its own check from that instant, while the certificate stays valid', () => {
    const judged = judge(found({}, copy), at('2026-06-01T00:00:00Z'));
    expect(judged).toEqual({ verdict: 'valid', checks: { ...ALL_PASS, copy: 'fail' } });
  });

  it('of a revoked certificate fails its status, expired or not', () => {
    const changes = [change('revoked', '2026-05-01T00:00:00Z')];
    expect(judge(found({ changes }, copy), at('2026-05-15T00:00:00Z')).checks).toEqual({ ...ALL_PASS, status: 'fail' });
    const both = { ...ALL_PASS, status: 'fail', copy: 'fail' };
    expect(judge(found({ changes }, copy), at('2026-07-01T00:00:00Z')).checks).toEqual(both);
  });
});

describe('the issuer', () => {
  const under = (certificateId: string) => judge(found({ certificateId }), at('2026-05-01T00:00:00Z'));

  it('is entitled by an identifier that names it', () => {
    expect(under(licenceId(issuer, 'A1')).checks.issuer).toBe('pass');
    expect(under(`${issuer}-0001`).checks.issuer).toBe('pass');
  });

  it('cannot be compared with an identifier that carries a division code, which leaves the verdict alone', () => {
    expect(under(licenceId('310104', 'A1'))).toEqual({ verdict: 'valid', checks: { ...ALL_PASS, issuer: 'unknown' } });
  });
});

it('never passes the status check unless the verdict is valid, nor any check of what is not on record', () => {
  const times = fc.integer({ min: 0, max: 36 }).map((month) => new Date(Date.UTC(2025, month, 15)).toISOString());
  const kinds = fc.constantFrom<CertificateChange['change'][]>('suspended', 'revoked', 'superseded');
  fc.assert(
    fc.property(times, times, fc.option(fc.tuple(kinds, times)), fc.boolean(), (asOf, knownAt, changed, isCopy) => {
      const changes = changed ? [change(changed[0], changed[1])] : [];
      const { verdict, checks } = judge(found({ changes }, isCopy ? copy : theOriginal), { asOf, knownAt });
      expect(checks.status === 'pass').toBe(verdict === 'valid');
      expect(Object.values(checks).includes('pass')).toBe(verdict !== 'unknown');
      expect(checks.anchored === 'fail').toBe(verdict === 'unknown');
    }),
  );
});
