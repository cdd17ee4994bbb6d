import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeGrant, type Business, createBusiness, expectStatus, useOf, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

const PATH = '/v1/audit/reconciliation';
const TEN_DAYS = 10 * 86_400_000;

interface Item {
  readonly useId: string;
  readonly findings: readonly string[];
}

describe('the reconciliation of uses with releases', () => {
  let business: Business;
  let user: ApiAgency;
  let grantId: string;
  const ids: Record<string, string> = {};

  const get = (query = '', agency = business.auditor) => business.world.get(`${PATH}${query}`, agency);
  const findings = async (query = '') =>
    Object.fromEntries((await get(query)).body.items.map((item: Item) => [item.useId, item.findings]));
  const store = () => business.world.service.deps.store;

  async function used(changes: object = {}, status = 201): Promise<string> {
    const body = useOf(user, changes);
    expectStatus(await business.world.post(`/v1/grants/${grantId}/uses`, user, body), status);
    return body.useId;
  }

  async function released(useId: string, changes: object = {}): Promise<string> {
    const body = { responseDigest: sha256('answer'), recordCount: 1, releasedAt: new Date().toISOString(), ...changes };
    expectStatus(await business.world.post(`/v1/uses/${useId}/release`, business.provider, body), 201);
    return useId;
  }

  async function changeRecord(key: string, change: (record: Record<string, unknown>) => object): Promise<void> {
    const { value } = await store().db.selectFrom('record').select('value').where('key', '=', key).executeTakeFirstOrThrow();
    const changed = JSON.stringify(change(JSON.parse(value)));
    await store().db.updateTable('record').set({ value: changed }).where('key', '=', key).execute();
  }

  beforeAll(async () => {
    business = await createBusiness();
    user = workerOf(business, '310000');
    grantId = await activeGrant(business, user);
    ids.agreed = await released(await used());
    ids.denied = await used({ fields: ['place'] }, 403);
    ids.open = await used();
    ids.early = await released(await used(), { releasedAt: '2026-03-01T00:00:00Z' });
    ids.more = await released(await used(), { recordCount: 5 });
    ids.fewer = await released(await used({ count: 2 }), { recordCount: 1 });
  });
  afterAll(() => business.world.close());

  it('lists what does not agree, and neither what does nor what was denied', async () => {
    expect(await findings()).toEqual({
      [ids.open as string]: ['use-without-release'],
      [ids.early as string]: ['release-without-use'],
      [ids.more as string]: ['count-mismatch'],
      [ids.fewer as string]: ['count-mismatch'],
    });
  });

  it('shows both ends of it', async () => {
    const { items } = (await get()).body;
    expect(items.find(({ useId }: Item) => useId === ids.more)).toEqual({
      useId: ids.more,
      findings: ['count-mismatch'],
      releaseDueAt: expect.stringMatching(/T16:00:00\.000Z$/),
      use: {
        grantId,
        dataSet: 'marriage-registration',
        version: 1,
        agency: user.agencyId,
        provider: business.provider.agencyId,
        decision: 'permitted',
        purpose: { itemCode: 'student-aid', code: 'check-hardship' },
        count: 1,
        time: expect.any(String),
        transaction: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      release: {
        provider: business.provider.agencyId,
        recordCount: 5,
        releasedAt: expect.any(String),
        time: expect.any(String),
        transaction: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
    expect(items.find(({ useId }: Item) => useId === ids.open)).not.toHaveProperty('release');
  });

  it('takes a use off once it is released', async () => {
    const useId = await used();
    expect((await findings())[useId]).toEqual(['use-without-release']);
    await released(useId);
    expect(await findings()).not.toHaveProperty(useId);
  });

  it('comes in pages, in the order in which the uses were recorded', async () => {
    const whole = (await get()).body.items.map(({ useId }: Item) => useId);
    const seen: string[] = [];
    for (let path: string | undefined = `${PATH}?limit=1`; path; ) {
      const answer = expectStatus(await business.world.get(path, business.auditor), 200);
      seen.push(...answer.body.items.map(({ useId }: Item) => useId));
      path = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link))?.[1];
    }
    expect(seen).toEqual(whole);
    expect(whole).toEqual([ids.open, ids.early, ids.more, ids.fewer]);
  });

  it('is of the period that is asked for, the end not included', async () => {
    const { items } = (await get()).body;
    const [first, second] = items.map(({ use }: { use: { time: string } }) => use.time);
    expect(first < second).toBe(true);
    expect(Object.keys(await findings(`?from=${second}`))).toHaveLength(3);
    expect(Object.keys(await findings(`?to=${second}`))).toEqual([ids.open]);
    expect(await findings(`?from=${second}&to=${second}`)).toEqual({});
  });

  it.each([
    `?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z`,
    '?from=yesterday',
    '?from=2026-02-30T00:00:00Z',
    '?finding=late-release',
  ])('refuses %s', async (query) => {
    expect(await get(query)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('does not take the cursor of another period', async () => {
    const { nextCursor } = (await get('?limit=1')).body;
    expect((await get(`?limit=1&from=2026-01-01T00:00:00Z&cursor=${nextCursor}`)).status).toBe(400);
  });

  it('is on the log of looks before it is shown, and is not shown when it cannot be', async () => {
    await get('?from=2026-01-01T00:00:00Z');
    const last = () => store().db.selectFrom('read_log').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();
    expect(await last()).toMatchObject({
      action: 'audit.reconciliation',
      thing: '2026-01-01T00:00:00Z/',
      agency: business.auditor.agencyId,
    });
    await store().db.schema.alterTable('read_log').renameTo('read_log_away').execute();
    try {
      const answer = await get();
      expect([answer.status, answer.body.code, answer.body.items]).toEqual([503, 'ledger.unavailable', undefined]);
    } finally {
      await store().db.schema.alterTable('read_log_away').renameTo('read_log').execute();
    }
  });

  it('finds a release that was recorded late, and one whose use is not on the ledger', async () => {
    await changeRecord(`release~${ids.more}`, (release) => ({
      ...release,
      recordedAt: new Date(Date.parse(String(release.recordedAt)) + TEN_DAYS).toISOString(),
    }));
    await store().db.deleteFrom('record').where('key', '=', `use~${ids.fewer}`).execute();
    expect(await findings()).toMatchObject({
      [ids.more as string]: ['late-release', 'count-mismatch'],
      [ids.fewer as string]: ['release-without-use'],
    });
  });
});
