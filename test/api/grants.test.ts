import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firstReadLogFault } from '../../api/store/read-log.js';
import {
  activeGrant,
  anyHandle,
  type Business,
  createBusiness,
  expectStatus,
  grantRequest,
  OPEN_DATA_SET,
  useOf,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

describe('data grants over HTTP', () => {
  let business: Business;
  let user: ApiAgency;
  let stranger: ApiAgency;
  let provider: ApiAgency;

  beforeAll(async () => {
    business = await createBusiness();
    user = workerOf(business, '310000');
    stranger = workerOf(business, '330000');
    provider = business.provider;
  });
  afterAll(() => business.world.close());

  const post = (path: string, agency: ApiAgency | undefined, body?: unknown) => business.world.post(path, agency, body);
  const get = (path: string, agency?: ApiAgency) => business.world.get(path, agency);
  const statusOf = async (grantId: string) => (await get(`/v1/grants/${grantId}`, user)).body.status;

  it('waits for the provider where data are shared conditionally, and is active at once where they are not', async () => {
    const conditional = grantRequest(user);
    const requested = await post('/v1/grants', user, conditional);
    expect([requested.status, requested.headers.location]).toEqual([201, `/v1/grants/${conditional.grantId}`]);
    expect(await statusOf(conditional.grantId)).toBe('requested');
    const open = grantRequest(user, { dataSet: OPEN_DATA_SET });
    expectStatus(await post('/v1/grants', user, open), 201);
    expect(await statusOf(open.grantId)).toBe('active');
  });

  it('goes through supplement, approval, suspension, resumption, end and disposal', async () => {
    const { grantId } = (await post('/v1/grants', user, grantRequest(user))).body.record;
    const step = (name: string, agency: ApiAgency, body: object = {}) => post(`/v1/grants/${grantId}/${name}`, agency, body);
    expectStatus(await step('supplement-request', provider, { reason: 'purpose-unclear' }), 201);
    expect(await statusOf(grantId)).toBe('supplement');
    expectStatus(await step('supplement', user, { digest: sha256('supplement') }), 201);
    expect((await step('supplement-request', provider, { reason: 'again' })).body.code).toBe('grant.state');
    expectStatus(await step('approval', provider), 201);
    expectStatus(await step('suspension', provider, { reason: 'review' }), 201);
    expect(await statusOf(grantId)).toBe('suspended');
    expectStatus(await step('resumption', provider, { reason: 'reviewed' }), 201);
    expect((await step('end', provider)).body.code).toBe('auth.role');
    expectStatus(await step('end', user), 201);
    expectStatus(await step('disposal', user, { method: 'shredded', digest: sha256('protocol') }), 201);
    expect(await statusOf(grantId)).toBe('ended');
    const late = await step('revocation', provider, { reason: 'late' });
    expect([late.status, late.body.code, late.body.state]).toEqual([409, 'grant.state', 'ended']);
  });

  it('may be refused, and revoked', async () => {
    const { grantId } = (await post('/v1/grants', user, grantRequest(user))).body.record;
    const reasons = { reason: 'not-needed', legalBasis: '国务院令第809号' };
    expect((await post(`/v1/grants/${grantId}/refusal`, user, reasons)).body.code).toBe('auth.role');
    expectStatus(await post(`/v1/grants/${grantId}/refusal`, provider, reasons), 201);
    expect(await statusOf(grantId)).toBe('refused');
    const active = await activeGrant(business, user);
    expectStatus(await post(`/v1/grants/${active}/revocation`, provider, { reason: 'purpose-met' }), 201);
    expect(await statusOf(active)).toBe('revoked');
  });

  it('permits what it covers and answers 201, then tells how many uses are taken', async () => {
    const grantId = await activeGrant(business, user, { maxUses: 2 });
    const used = await post(`/v1/grants/${grantId}/uses`, user, useOf(user));
    expect([used.status, used.body.record.decision, used.body.record.remaining]).toEqual([201, 'permitted', 1]);
    expect((await get(`/v1/grants/${grantId}`, user)).body).toMatchObject({ maxUses: 2, used: 1 });
  });

  it.each([
    ['another agency', 'grant.not-grantee', {}, {}, '330000'],
    ['another purpose', 'grant.purpose', { purpose: { itemCode: 'student-aid', code: 'marketing' } }, {}, '310000'],
    ['a field beyond the grant', 'grant.fields', { fields: ['place'] }, {}, '310000'],
    ['another subject', 'grant.subject', { subject: anyHandle() }, { subject: anyHandle() }, '310000'],
    ['more uses than are left', 'grant.exhausted', { count: 4 }, { maxUses: 3 }, '310000'],
    ['a grant that has not started', 'grant.not-started', {}, { validFrom: '2035-01-01T00:00:00Z' }, '310000'],
    ['a grant that has run out', 'grant.expired', {}, { validTo: '2026-02-01T00:00:00Z' }, '310000'],
  ] as const)(
    'denies %s with 403, the reason and the transaction that recorded it',
    async (_name, code, use, grant, province) => {
      const grantId = await activeGrant(business, user, grant);
      const asker = workerOf(business, province);
      const body = useOf(asker, use);
      const denied = await post(`/v1/grants/${grantId}/uses`, asker, body);
      expect([denied.status, denied.body.code, denied.body.status]).toEqual([403, code, 403]);
      expect(denied.headers['content-type']).toContain('application/problem+json');
      expect(denied.body.transaction.id).toMatch(/^[0-9a-f]{64}$/);
      const uses = await get(`/v1/grants/${grantId}/uses`, user);
      expect(uses.body.items).toEqual([
        expect.objectContaining({
          useId: body.useId,
          agency: asker.agencyId,
          decision: 'denied',
          reason: code,
          transaction: denied.body.transaction.id,
        }),
      ]);
      const again = await post(`/v1/grants/${grantId}/uses`, asker, body);
      expect([again.status, again.body.code]).toEqual([409, 'use.exists']);
    },
  );

  it('answers a denied use with the very same bytes when it is sent again', async () => {
    const grantId = await activeGrant(business, user);
    const headers = { 'idempotency-key': `denied-${grantId}`.slice(0, 40) };
    const body = useOf(user, { fields: ['place'] });
    const first = await business.world.post(`/v1/grants/${grantId}/uses`, user, body, headers);
    const second = await business.world.post(`/v1/grants/${grantId}/uses`, user, body, headers);
    expect([first.status, second.status, second.headers['idempotent-replayed']]).toEqual([403, 403, 'true']);
    expect(second.text).toBe(first.text);
    expect((await get(`/v1/grants/${grantId}/uses`, user)).body.items).toHaveLength(1);
  });

  it('never permits more than maxUses, however many ask at once', async () => {
    const grantId = await activeGrant(business, user, { maxUses: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(`/v1/grants/${grantId}/uses`, user, useOf(user))));
    const permitted = answers.filter(({ status }) => status === 201);
    expect(permitted.length).toBeLessThanOrEqual(3);
    for (const answer of answers)
      if (answer.status !== 201) expect(['grant.exhausted', 'ledger.conflict']).toContain(answer.body.code);
    const { items } = (await get(`/v1/grants/${grantId}/uses`, user)).body;
    expect(items.filter(({ decision }: { decision: string }) => decision === 'permitted')).toHaveLength(permitted.length);
  });

  it('records what the provider released, once, and shows it beside the use', async () => {
    const grantId = await activeGrant(business, user);
    const { useId } = (await post(`/v1/grants/${grantId}/uses`, user, useOf(user))).body.record;
    const release = { responseDigest: sha256('salted answer'), recordCount: 1, releasedAt: '2026-03-01T00:00:00Z' };
    expect((await post(`/v1/uses/${useId}/release`, user, release)).body.code).toBe('auth.role');
    const released = await post(`/v1/uses/${useId}/release`, provider, release);
    expect([released.status, released.headers.location]).toEqual([201, `/v1/grants/${grantId}/uses`]);
    expect((await post(`/v1/uses/${useId}/release`, provider, release)).body.code).toBe('use.state');
    expect((await post('/v1/uses/31-use-none/release', provider, release)).body.code).toBe('use.not-found');
    const { items } = (await get(`/v1/grants/${grantId}/uses`, provider)).body;
    expect(items[0].release).toMatchObject({ recordCount: 1, releasedAt: '2026-03-01T00:00:00Z' });
  });

  it('lists uses in the order of the ledger, in pages', async () => {
    const grantId = await activeGrant(business, user);
    const ids: string[] = [];
    for (let use = 0; use < 5; use++) ids.push((await post(`/v1/grants/${grantId}/uses`, user, useOf(user))).body.record.useId);
    const seen: string[] = [];
    let path: string | undefined = `/v1/grants/${grantId}/uses?limit=2`;
    while (path) {
      const { body, headers }: Awaited<ReturnType<typeof get>> = await get(path, user);
      seen.push(...body.items.map(({ useId }: { useId: string }) => useId));
      path = /^<(.+)>; rel="next"$/.exec(String(headers.link))?.[1];
    }
    expect(seen).toEqual(ids);
  });

  it('shows a grant and its uses to grantee, provider and auditors, and to nobody else', async () => {
    const grantId = await activeGrant(business, user);
    for (const path of [`/v1/grants/${grantId}`, `/v1/grants/${grantId}/uses`]) {
      for (const reader of [user, provider, business.auditor]) expect((await get(path, reader)).status).toBe(200);
      for (const other of [stranger, business.department, business.world.registrar()]) {
        const answer = await get(path, other);
        expect([answer.status, answer.body.code]).toEqual([403, 'auth.agency']);
      }
      expect((await get(path.replace(grantId, '31-grant-none'), stranger)).body.code).toBe('grant.not-found');
    }
  });

  describe('the record of looks at uses', () => {
    const looks = (grantId: string) =>
      business.world.service.deps.store.db.selectFrom('read_log').selectAll().where('thing', '=', grantId).execute();

    let grantId: string;
    beforeEach(async () => {
      grantId = await activeGrant(business, user);
    });

    it('is written before they are shown, and not for who is refused', async () => {
      expectStatus(await get(`/v1/grants/${grantId}/uses`, business.auditor), 200);
      expectStatus(await get(`/v1/grants/${grantId}/uses`, stranger), 403);
      const rows = await looks(grantId);
      expect(rows).toEqual([expect.objectContaining({ action: 'grant.uses', agency: business.auditor.agencyId })]);
      expect(rows[0]?.operator).toMatch(/^[0-9a-f]{64}$/);
      expect(await firstReadLogFault(business.world.service.deps.store)).toBeUndefined();
    });

    it('keeps the uses back when it cannot be written', async () => {
      const { store } = business.world.service.deps;
      await store.db.schema.alterTable('read_log').renameTo('read_log_away').execute();
      try {
        const answer = await get(`/v1/grants/${grantId}/uses`, user);
        expect([answer.status, answer.body.code, answer.body.retryable]).toEqual([503, 'ledger.unavailable', true]);
        expect(answer.body.items).toBeUndefined();
      } finally {
        await store.db.schema.alterTable('read_log_away').renameTo('read_log').execute();
      }
      expectStatus(await get(`/v1/grants/${grantId}/uses`, user), 200);
    });
  });

  describe('lists', () => {
    const idsOf = (answer: { body: { items: { grantId: string }[] } }) => answer.body.items.map(({ grantId }) => grantId);

    it('show only grants that the caller gives or has, filtered', async () => {
      const grantee = await business.world.agency('340000', ['data-user']);
      const requested = grantRequest(grantee);
      expectStatus(await post('/v1/grants', grantee, requested), 201);
      const active = await activeGrant(business, grantee);
      const expired = await activeGrant(business, grantee, { validTo: '2026-02-01T00:00:00Z' });
      const all = [requested.grantId, active, expired].sort();
      expect(idsOf(await get('/v1/grants', grantee))).toEqual(all);
      expect(idsOf(await get(`/v1/grants?grantee=${grantee.agencyId}`, provider))).toEqual(all);
      expect(idsOf(await get(`/v1/grants?grantee=${grantee.agencyId}`, business.auditor))).toEqual(all);
      expect(idsOf(await get(`/v1/grants?grantee=${grantee.agencyId}`, stranger))).toEqual([]);
      expect(idsOf(await get('/v1/grants?status=requested', grantee))).toEqual([requested.grantId]);
      expect(idsOf(await get('/v1/grants?status=active', grantee))).toEqual([active]);
      expect(idsOf(await get('/v1/grants?status=expired', grantee))).toEqual([expired]);
      expect((await get(`/v1/grants/${expired}`, grantee)).body.status).toBe('expired');
      expect(idsOf(await get(`/v1/grants?dataSet=${OPEN_DATA_SET}`, grantee))).toEqual([]);
      expect(idsOf(await get(`/v1/grants?provider=${provider.agencyId}&limit=1`, grantee))).toEqual(all.slice(0, 1));
      expect(idsOf(await get('/v1/grants?overdue=true', grantee))).toEqual([]);
      expect(idsOf(await get('/v1/grants?overdue=false', grantee))).toEqual(all);
    });

    it('tell which requests have waited longer than the provider has for its answer', async () => {
      const grantee = await business.world.agency('340000', ['data-user']);
      const { grantId } = (await post('/v1/grants', grantee, grantRequest(grantee))).body.record;
      const { store } = business.world.service.deps;
      const days = (count: number) => Date.now() - count * 86_400_000;
      const since = (awaiting_since: number) =>
        store.db.updateTable('grant_index').set({ awaiting_since }).where('grant_id', '=', grantId).execute();
      await since(days(9));
      expect(idsOf(await get('/v1/grants?overdue=true', grantee))).toEqual([]);
      await since(days(17));
      expect(idsOf(await get('/v1/grants?overdue=true', grantee))).toEqual([grantId]);
      expect(idsOf(await get('/v1/grants?overdue=false', grantee))).toEqual([]);
    });
  });
});
