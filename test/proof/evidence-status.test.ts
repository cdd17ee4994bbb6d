import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CertificateChange, CertificateChangeKind } from '../../chaincode/transactions/certificate/certificate.js';
import { statusAt } from '../../chaincode/transactions/certificate/status.js';
import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import { grantStatus as contractGrantStatus } from '../../chaincode/transactions/grant/grant-status.js';
import type { Json, JsonObject } from '../../network/proof/canonical-json.js';
import { certificateStatus, datedOf } from '../../network/proof/evidence/certificate-status.js';
import { grantStatus } from '../../network/proof/evidence/grant-status.js';

const FIRST = Date.parse('2026-01-01T00:00:00Z');
/** With milliseconds and without, as the ledger takes both. */
const instant = fc.integer({ min: 0, max: 40 }).map((day) => {
  const text = new Date(FIRST + day * 500).toISOString();
  return text.endsWith('.000Z') && day % 4 === 0 ? text.replace('.000Z', 'Z') : text;
});
const KINDS: readonly CertificateChangeKind[] = ['suspended', 'reinstated', 'revoked', 'superseded'];

describe('the verifier’s status of a certificate', () => {
  it('is the contracts’, for any changes and any day', () => {
    const change = fc.record({ change: fc.constantFrom(...KINDS), effectiveAt: instant });
    const certificate = fc.record({
      validFrom: instant,
      validTo: fc.option(instant, { nil: undefined }),
      changes: fc.array(change),
    });
    fc.assert(
      fc.property(certificate, instant, ({ validFrom, validTo, changes }, asOf) => {
        const made: CertificateChange[] = changes.map((each) => ({
          ...each,
          recordedAt: '2026-01-01T00:00:00.000Z',
          transaction: 't',
        }));
        const issuedAt = '2026-01-01T00:00:00.000Z';
        const dated = { validFrom, ...(validTo !== undefined && { validTo }), issuedAt, changes: made };
        const told = datedOf({ validFrom, ...(validTo !== undefined && { validTo }) }, made as unknown as Json[]);
        expect(certificateStatus(told, asOf)).toEqual(statusAt(dated, { asOf, knownAt: '2027-01-01T00:00:00.000Z' }));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the verifier’s status of a grant', () => {
  const step = (name: string, recordedAt: string) => ({ step: name, agency: 'p', recordedAt, transaction: 't' });
  const grant = (shareClass: string, status: string, steps: object[]) =>
    ({
      shareClass,
      status,
      steps,
      requestedAt: '2026-01-01T00:00:00.000Z',
      validTo: '2026-06-01T00:00:00Z',
    }) as unknown as GrantRecord;
  const STEPS = [
    step('supplement-requested', '2026-01-02T00:00:00.000Z'),
    step('supplemented', '2026-01-03T00:00:00.000Z'),
    step('approved', '2026-01-04T00:00:00.000Z'),
    step('suspended', '2026-01-05T00:00:00.000Z'),
    step('resumed', '2026-01-06T00:00:00.000Z'),
    step('revoked', '2026-01-07T00:00:00.000Z'),
    step('disposed', '2026-01-08T00:00:00.000Z'),
  ];
  const on = (record: GrantRecord, day: string) => grantStatus(record as unknown as JsonObject, day).verdict;

  it.each([
    ['2025-12-31T00:00:00Z', 'not-recorded'],
    ['2026-01-01T12:00:00Z', 'requested'],
    ['2026-01-02T12:00:00Z', 'supplement'],
    ['2026-01-03T12:00:00Z', 'requested'],
    ['2026-01-04T12:00:00Z', 'active'],
    ['2026-01-05T12:00:00Z', 'suspended'],
    ['2026-01-06T12:00:00Z', 'active'],
    ['2026-01-07T12:00:00Z', 'revoked'],
    ['2027-01-01T00:00:00Z', 'revoked'],
  ])('on %s is %s', (day, verdict) => {
    expect(on(grant('conditional', 'revoked', STEPS), day)).toBe(verdict);
  });

  it('is the contracts’ where nothing has happened since, expiry included', () => {
    const records = [
      grant('conditional', 'requested', []),
      grant('unconditional', 'active', []),
      grant('conditional', 'active', STEPS.slice(0, 3)),
      grant('conditional', 'suspended', STEPS.slice(0, 4)),
      grant('conditional', 'revoked', STEPS),
    ];
    for (const record of records)
      for (const day of ['2026-05-31T23:59:59Z', '2026-06-01T00:00:00.000Z', '2026-06-01T00:00:00.001Z'])
        expect(on(record, day), `${record.status} ${day}`).toBe(contractGrantStatus(record, day));
  });
});
