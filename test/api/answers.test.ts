import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiWorld, LEDGER_KIND } from '../support/api-world.js';
import { freshAgencyId } from '../support/contract-world.js';

describe('how the API answers', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create();
  });
  afterAll(() => world.close());

  const registration = (agencyId = freshAgencyId('310000')) => ({
    agencyId,
    name: { zh: '徐汇区市场监督管理局' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['certificate-issuer'],
  });

  it('wraps a write in record and transaction, with 201 and the place where it can be read', async () => {
    const body = registration();
    const answer = await world.post('/v1/agencies', world.registrar(), body);
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`/v1/agencies/${body.agencyId}`);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(Object.keys(answer.body)).toEqual(['record', 'transaction']);
    expect(answer.body.record).toMatchObject({ ...body, province: '310000', status: 'active' });
    expect(answer.body.transaction).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      block: expect.any(Number),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      endorsers: expect.arrayContaining(['ShanghaiMSP']),
    });
    expect(answer.body.transaction.endorsers).toHaveLength(3);
  });

  it('answers a GET with the object itself, and its reads include the write that was just answered', async () => {
    const body = registration();
    const { body: written } = await world.post('/v1/agencies', world.registrar(), body);
    const read = await world.get(`/v1/agencies/${body.agencyId}`);
    expect(read.status).toBe(200);
    expect(read.body).toEqual(written.record);
  });

  it('answers a list with items', async () => {
    const { body } = await world.get('/v1/agencies?kind=auditor');
    expect(body).toEqual({ items: [] });
  });

  it('answers a verb without listed fields with 201, whether it got {} or no body', async () => {
    const centre = await world.agency('310000', ['case-handler'], 'centre');
    const host = await world.agency('320000', ['case-handler'], 'centre');
    const editors = new Map<string, Awaited<ReturnType<typeof world.agency>>>();
    for (const province of ['310000', '320000', '330000', '340000'] as const)
      editors.set(province, await world.agency(province, ['catalogue-editor'], 'platform'));
    const standard = await world.post('/v1/catalogue/service-standards', editors.get('310000'), {
      code: 'STD-1',
      name: { zh: '窗口服务标准' },
      digest: { alg: 'sha-256', value: 'b'.repeat(64) },
      duties: ['consult', 'assist', 'receive', 'verify-identity'],
      effectiveFrom: '2026-01-01T00:00:00Z',
    });
    expect(standard.status).toBe(201);
    for (const editor of editors.values()) {
      const vote = { vote: 'approve', contentDigest: standard.body.record.contentDigest };
      expect((await world.post('/v1/catalogue/service-standards/STD-1/versions/1/votes', editor, vote)).status).toBe(201);
    }
    const validity = { validFrom: '2026-01-01T00:00:00Z', validTo: '2030-01-01T00:00:00Z' };
    for (const { agencyId, province } of [centre, host])
      expect(
        await world.post('/v1/centres', world.registrar(province), {
          centreId: agencyId,
          name: { zh: '政务服务中心' },
          divisionCode: province,
          standard: { code: 'STD-1', version: 1 },
          contractDigest: { alg: 'sm3', value: 'c'.repeat(64) },
          ...validity,
        }),
      ).toMatchObject({ status: 201 });
    const propose = () => world.post(`/v1/centres/${centre.agencyId}/partners`, centre, { partner: host.agencyId });
    expect((await propose()).status).toBe(201);
    const partner = `/v1/centres/${centre.agencyId}/partners/${host.agencyId}`;
    expect((await world.post(`${partner}/acceptance`, host)).status).toBe(201);
    expect((await world.post(`${partner}/withdrawal`, host, {})).status).toBe(201);
    expect(await world.post(`${partner}/withdrawal`, host, { reason: 'x' })).toMatchObject({ status: 400 });
    expect((await world.get('/v1/centres')).body.items[0].partners).toMatchObject([
      { partner: host.agencyId, status: 'withdrawn' },
    ]);
  });

  it('keeps answers out of caches and frames', async () => {
    const { headers } = await world.get('/v1/ledger');
    expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
    const agency = await world.get(`/v1/agencies/${world.registrar().agencyId}/history`, world.registrar());
    expect(agency.headers['cache-control']).toBe('no-store');
  });

  it('tells what the ledger is', async () => {
    const { body } = await world.get('/v1/ledger');
    expect(body).toMatchObject({
      ...LEDGER_KIND,
      codeDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      code: 'same',
    });
    expect(body.provinces.map((province: object) => Object.keys(province))).toEqual(
      Array.from({ length: 4 }, () => ['code', 'mspId', 'registrar', 'reachable', 'height', 'codeDigest']),
    );
    expect(body.provinces[0].registrar).toBe(world.registrar('310000').agencyId);
  });

  describe('the order of its checks', () => {
    const broken = { agencyId: 'x', nonsense: true };

    it('asks for the token before the role', async () => {
      expect(await world.post('/v1/agencies', undefined, broken)).toMatchObject({ status: 401, body: { code: 'auth.missing' } });
      const forged = { ...world.registrar(), token: 'a.b.c' };
      expect(await world.post('/v1/agencies', forged, broken)).toMatchObject({ status: 401, body: { code: 'auth.invalid' } });
    });

    it('asks for the role before it looks at the body, or even at its type', async () => {
      const issuer = await world.agency('310000', ['certificate-issuer']);
      expect(await world.post('/v1/agencies', issuer, broken)).toMatchObject({ status: 403, body: { code: 'auth.role' } });
      const typed = { 'content-type': 'text/plain', authorization: `Bearer ${issuer.token}` };
      expect(await world.send('POST', '/v1/agencies', typed, 'x')).toMatchObject({ status: 403, body: { code: 'auth.role' } });
    });

    it('takes the roles that both token and register name', async () => {
      const issuer = await world.agency('310000', ['certificate-issuer']);
      const boasting = { ...issuer, token: await world.token({ ...issuer, roles: ['registrar'] }) };
      expect(await world.post('/v1/agencies', boasting, registration())).toMatchObject({
        status: 403,
        body: { code: 'auth.role' },
      });
      const { agencyId, province } = world.registrar();
      const modest = { ...world.registrar(), token: await world.token({ agencyId, province, roles: [] }) };
      expect(await world.post('/v1/agencies', modest, registration())).toMatchObject({
        status: 403,
        body: { code: 'auth.role' },
      });
    });

    it('looks at the body before it asks whether the thing exists', async () => {
      const path = `/v1/agencies/${freshAgencyId('310000')}/roles`;
      expect(await world.post(path, world.registrar(), { roles: 'x' })).toMatchObject({ status: 400 });
      const known = { roles: ['auditor'] };
      expect(await world.post(path, world.registrar(), known)).toMatchObject({ status: 404, body: { code: 'agency.not-found' } });
    });

    it('asks whether the thing exists before whose it is, and whose it is before its state', async () => {
      const { agencyId } = await world.agency('310000', ['case-handler']);
      const deactivate = (registrar = world.registrar()) =>
        world.post(`/v1/agencies/${agencyId}/deactivation`, registrar, { reason: 'merged' });
      const elsewhere = world.registrar('320000');
      expect(await deactivate(elsewhere)).toMatchObject({ status: 403, body: { code: 'auth.province' } });
      expect(await deactivate()).toMatchObject({ status: 201, body: { record: { status: 'inactive' } } });
      expect(await deactivate(elsewhere)).toMatchObject({ status: 403, body: { code: 'auth.province' } });
      expect(await deactivate()).toMatchObject({ status: 409, body: { code: 'agency.state', state: 'inactive' } });
    });
  });
});
