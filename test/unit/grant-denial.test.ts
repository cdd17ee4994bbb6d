import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, DENIAL_REASONS, denialReason } from '../../chaincode/transactions/grant/denial.js';
import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import { GRANT_STATUSES, grantStatus } from '../../chaincode/transactions/grant/grant-status.js';
import { hash } from '../support/digests.js';

const grant: GrantRecord = {
  grantId: '31-grant-1',
  dataSet: 'marriage',
  version: 1,
  shareClass: 'conditional',
  province: '320000',
  provider: 'provider',
  grantee: 'grantee',
  granteeProvince: '310000',
  purpose: { itemCode: 'aid', code: 'check-hardship' },
  fields: ['status', 'since'],
  subject: hash('subject'),
  caseId: '31-case-1',
  validFrom: '2026-02-01T00:00:00Z',
  validTo: '2026-03-01T00:00:00Z',
  status: 'active',
  steps: [],
  requestedAt: '2026-01-01T00:00:00.000Z',
  recordedAt: '2026-01-02T00:00:00.000Z',
};

const attempt: Attempt = {
  agency: 'grantee',
  at: '2026-02-15T00:00:00.000Z',
  purpose: { itemCode: 'aid', code: 'check-hardship' },
  caseId: '31-case-1',
  fields: ['status'],
  subject: hash('subject'),
  shareable: true,
};

const { subject: _subject, caseId: _caseId, ...bare } = attempt;

describe('a use inside its grant', () => {
  it.each([
    ['as granted', attempt],
    ['of all fields, in another order', { ...attempt, fields: ['since', 'status'] }],
    ['at the first instant', { ...attempt, at: '2026-02-01T00:00:00.000Z' }],
    ['at the last instant', { ...attempt, at: '2026-03-01T00:00:00.000Z' }],
    ['naming no case', { ...bare, subject: hash('subject') }],
  ])('is not denied: %s', (_what, inside) => {
    expect(denialReason(grant, inside)).toBeUndefined();
  });

  it('may be about any subject and case when the grant names none', () => {
    const { subject, caseId, ...open } = grant;
    expect([subject, caseId]).toEqual([hash('subject'), '31-case-1']);
    expect(denialReason(open, { ...attempt, subject: hash('anyone'), caseId: '32-case-9' })).toBeUndefined();
    expect(denialReason(open, bare)).toBeUndefined();
  });
});

describe('a use outside its grant', () => {
  it.each([
    ['grant.not-grantee', {}, { agency: 'provider' }],
    ['grant.revoked', { status: 'revoked' }, {}],
    ['grant.suspended', { status: 'suspended' }, {}],
    ['grant.suspended', {}, { shareable: false }],
    ['grant.not-active', { status: 'requested' }, {}],
    ['grant.not-active', { status: 'supplement' }, {}],
    ['grant.not-active', { status: 'refused' }, {}],
    ['grant.not-active', { status: 'ended' }, {}],
    ['grant.not-started', {}, { at: '2026-01-31T23:59:59.999Z' }],
    ['grant.expired', {}, { at: '2026-03-01T00:00:00.001Z' }],
    ['grant.purpose', {}, { purpose: { itemCode: 'aid', code: 'other' } }],
    ['grant.purpose', {}, { purpose: { itemCode: 'other', code: 'check-hardship' } }],
    ['grant.purpose', {}, { caseId: '31-case-2' }],
    ['grant.fields', {}, { fields: ['status', 'income'] }],
    ['grant.subject', {}, { subject: hash('another') }],
  ] as const)('is denied as %s for %j and %j', (reason, granted, tried) => {
    expect(denialReason({ ...grant, ...granted }, { ...attempt, ...tried })).toBe(reason);
  });

  it('is denied as grant.subject when it names no subject and the grant does', () => {
    expect(denialReason(grant, bare)).toBe('grant.subject');
  });
});

describe('of several reasons the first in the published order is given', () => {
  /** For each reason a way to make it hold alone, and beside others. */
  const faults: Readonly<Record<string, { grant?: Partial<GrantRecord>; attempt?: Partial<Attempt> }>> = {
    'grant.not-grantee': { attempt: { agency: 'stranger' } },
    'grant.suspended': { attempt: { shareable: false } },
    'grant.not-active': { grant: { status: 'ended' } },
    'grant.not-started': { grant: { validFrom: '2026-02-20T00:00:00Z' } },
    'grant.expired': { grant: { validTo: '2026-02-10T00:00:00Z' } },
    'grant.purpose': { attempt: { purpose: { itemCode: 'x', code: 'y' } } },
    'grant.fields': { attempt: { fields: ['income'] } },
    'grant.subject': { attempt: { subject: hash('another') } },
  };

  it('whichever of them hold together', () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(faults), { minLength: 1 }), (chosen) => {
        let [faultyGrant, faultyAttempt] = [grant, attempt];
        for (const reason of chosen) {
          faultyGrant = { ...faultyGrant, ...faults[reason]?.grant };
          faultyAttempt = { ...faultyAttempt, ...faults[reason]?.attempt };
        }
        expect(denialReason(faultyGrant, faultyAttempt)).toBe(DENIAL_REASONS.find((reason) => chosen.includes(reason)));
      }),
    );
  });

  it('a revoked grant is called revoked on a data set that is no longer shared', () => {
    expect(denialReason({ ...grant, status: 'revoked' }, { ...attempt, shareable: false })).toBe('grant.revoked');
  });
});

describe('a grant’s status at a time', () => {
  const after = '2026-03-01T00:00:00.001Z';

  it.each(GRANT_STATUSES)('%s before its end', (status) => {
    expect(grantStatus({ status, validTo: grant.validTo }, '2026-03-01T00:00:00.000Z')).toBe(status);
  });

  it.each([
    ['active', 'expired'],
    ['suspended', 'expired'],
    ['requested', 'requested'],
    ['supplement', 'supplement'],
    ['refused', 'refused'],
    ['revoked', 'revoked'],
    ['ended', 'ended'],
  ] as const)('%s becomes %s after its end', (status, then) => {
    expect(grantStatus({ status, validTo: grant.validTo }, after)).toBe(then);
  });
});
