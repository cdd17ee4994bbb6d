import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOf, isClean, releaseDueAt } from '../../api/audit/reconcile.js';
import { WEEKENDS_ONLY } from '../../api/calendar/working-days.js';
import type { ReleaseRecord, UseRecord } from '../../chaincode/transactions/grant/use.js';
import { freshAgencyId } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';

const [USER, PROVIDER] = [freshAgencyId('310000'), freshAgencyId('320000')];
/** A Thursday in Beijing. */
const USED_AT = '2026-11-05T02:00:00.000Z';

const use = (changes: Partial<UseRecord> = {}): UseRecord => ({
  useId: '31-use-one',
  grantId: '31-grant-one',
  dataSet: 'credit-directory',
  version: 1,
  provider: PROVIDER,
  agency: USER,
  province: '310000',
  decision: 'permitted',
  purpose: { itemCode: 'student-aid', code: 'check' },
  fields: ['status'],
  queryDigest: sha256('query'),
  count: 3,
  transaction: 'a'.repeat(64),
  recordedAt: USED_AT,
  ...changes,
});

const release = (changes: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  useId: '31-use-one',
  grantId: '31-grant-one',
  provider: PROVIDER,
  responseDigest: sha256('answer'),
  recordCount: 3,
  releasedAt: '2026-11-05T02:00:01.000Z',
  transaction: 'b'.repeat(64),
  recordedAt: '2026-11-05T02:00:02.000Z',
  ...changes,
});

const found = (one: UseRecord | undefined, other: ReleaseRecord | undefined) => findingsOf(one, other, WEEKENDS_ONLY);

describe('a use and its release', () => {
  it('agree when the provider gave as much as was asked for, after it was asked and in time', () => {
    expect(found(use(), release())).toEqual([]);
    expect(isClean(use(), release())).toBe(true);
  });

  it('do not when one is missing', () => {
    expect(found(use(), undefined)).toEqual(['use-without-release']);
    expect(found(undefined, release())).toEqual(['release-without-use']);
    expect(found(use({ decision: 'denied', reason: 'grant.purpose' }), undefined)).toEqual([]);
  });

  it('do not when data went out for a use that was denied, or before it was on the ledger', () => {
    expect(found(use({ decision: 'denied', reason: 'grant.purpose' }), release())).toEqual(['release-without-use']);
    expect(found(use(), release({ releasedAt: '2026-11-05T01:54:59.999Z' }))).toEqual(['release-without-use']);
    expect(found(use(), release({ releasedAt: '2026-11-05T01:55:00.000Z' }))).toEqual([]);
  });

  it('do not when the release was recorded after the working day that follows the use’s', () => {
    expect(new Date(releaseDueAt(use(), WEEKENDS_ONLY)).toISOString()).toBe('2026-11-06T16:00:00.000Z');
    expect(found(use(), release({ recordedAt: '2026-11-06T15:59:59.999Z' }))).toEqual([]);
    expect(found(use(), release({ recordedAt: '2026-11-06T16:00:00.000Z' }))).toEqual(['late-release']);
    const holiday = { ...WEEKENDS_ONLY, holidays: new Set(['2026-11-06']) };
    expect(findingsOf(use(), release({ recordedAt: '2026-11-09T15:59:59.999Z' }), holiday)).toEqual([]);
    expect(findingsOf(use(), release({ recordedAt: '2026-11-09T16:00:00.000Z' }), holiday)).toEqual(['late-release']);
  });

  it('do not when more, or fewer, records went out than uses were counted', () => {
    expect(found(use(), release({ recordCount: 4 }))).toEqual(['count-mismatch']);
    expect(found(use(), release({ recordCount: 0 }))).toEqual(['count-mismatch']);
  });

  it('may disagree in several ways at once', () => {
    const wrong = release({ recordCount: 9, releasedAt: '2026-03-01T00:00:00Z', recordedAt: '2026-12-01T00:00:00.000Z' });
    expect(found(use(), wrong)).toEqual(['release-without-use', 'late-release', 'count-mismatch']);
  });

  it('are only taken off the list when no calendar finds anything', () => {
    const instant = fc
      .integer({ min: Date.parse(USED_AT) - 86_400_000, max: Date.parse(USED_AT) + 4 * 86_400_000 })
      .map((time) => new Date(time).toISOString());
    const days = Array.from({ length: 14 }, (_, index) => `2026-11-${String(index + 1).padStart(2, '0')}`);
    const pair = fc.record({
      releasedAt: instant,
      recordedAt: instant,
      recordCount: fc.integer({ min: 2, max: 4 }),
      decision: fc.constantFrom('permitted' as const, 'denied' as const),
      holidays: fc.subarray(days),
      workdays: fc.subarray(days),
    });
    fc.assert(
      fc.property(pair, ({ releasedAt, recordedAt, recordCount, decision, holidays, workdays }) => {
        const calendar = { ...WEEKENDS_ONLY, holidays: new Set(holidays), workdays: new Set(workdays) };
        const [one, other] = [use({ decision }), release({ releasedAt, recordedAt, recordCount })];
        if (isClean(one, other)) expect(findingsOf(one, other, calendar)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
