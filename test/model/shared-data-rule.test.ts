import { describe, expect, it } from 'vitest';
import type { Checked } from './rules/checked.js';
import { PERMISSION_RULES } from './rules/permission-rules.js';

const TIME = '2026-11-02T00:00:00.000Z';
const PURPOSE = { itemCode: 'plain', code: 'check' };
const AGENCY = '11310000MB2F30029X';
const GRANT = {
  ...{ grantee: AGENCY, purpose: PURPOSE, status: 'active', fields: ['status'], dataSet: 'register', version: 1 },
  ...{ validFrom: '2026-11-01T00:00:00Z', validTo: '2026-12-01T00:00:00Z' },
};
const USE = {
  ...{ grantId: '31-grant-a', agency: AGENCY, decision: 'permitted', purpose: PURPOSE, fields: ['status'], count: 1 },
  ...{ recordedAt: TIME },
};

/** A use that was permitted, in all else rightly, while the data set stood as the records say. */
function permitted(records: Readonly<Record<string, object>>): Checked {
  const read = (key: string) => ({ 'grant~31-grant-a': GRANT, ...records })[key];
  const written = [{ key: 'use~31-use-a', type: 'use', parts: ['31-use-a'], text: '', after: USE, before: undefined }];
  return { ledger: { read }, committed: { call: { actor: { agencyId: AGENCY } } }, written } as unknown as Checked;
}

const version = (number: number, status: string, shareClass = 'conditional') => ({
  [`catalogue-version~data-sets~register~0000000${number}`]: { status, content: { shareClass } },
});
const head = (published?: number) => ({ 'catalogue-head~data-sets~register': { published } });
const judge = (records: Readonly<Record<string, object>>) => () => {
  for (const rule of PERMISSION_RULES) rule(permitted(records));
};

describe('rule 6, of which random histories seldom come to what a data set’s standing decides', () => {
  it.each([
    ['published', { ...version(1, 'published'), ...head(1) }],
    ['superseded by a published one', { ...version(1, 'superseded'), ...version(2, 'published'), ...head(2) }],
  ])('holds where the version granted is %s', (_standing, records) => {
    expect(judge(records)).not.toThrow();
  });

  it.each([
    ['suspended', { ...version(1, 'suspended'), ...head(1) }],
    ['withdrawn', { ...version(1, 'withdrawn'), ...head() }],
    ['not there', {}],
    ['superseded by a withheld one', { ...version(1, 'superseded'), ...version(2, 'published', 'withheld'), ...head(2) }],
    ['superseded by a suspended one', { ...version(1, 'superseded'), ...version(2, 'suspended'), ...head(2) }],
    ['superseded by a withdrawn one', { ...version(1, 'superseded'), ...version(2, 'withdrawn'), ...head() }],
  ])('is broken where the version granted is %s', (_standing, records) => {
    expect(judge(records)).toThrow('of a data set that is shared');
  });
});
