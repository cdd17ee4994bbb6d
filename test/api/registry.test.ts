import { generateKeyPairSync } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiWorld } from '../support/api-world.js';
import { freshAgencyId } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';
import { ownCertificate } from '../support/own-certificate.js';

describe('the registry over HTTP', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create();
  });
  afterAll(() => world.close());

  const body = (changes: object = {}) => ({
    agencyId: freshAgencyId('310000'),
    name: { zh: '徐汇区民政局', en: 'Xuhui Civil Affairs' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['case-handler'],
    ...changes,
  });
  const register = (changes: object = {}, registrar = world.registrar()) => world.post('/v1/agencies', registrar, body(changes));

  it('makes an agency’s key where it brings no certificate, and lets it write at once', async () => {
    const agency = await world.agency('310000', ['catalogue-editor']);
    const { body: record } = await world.get(`/v1/agencies/${agency.agencyId}`);
    expect(record.keyDigest).toMatch(/^[0-9a-f]{64}$/);
    const draft = await world.post('/v1/catalogue/service-standards', agency, {
      code: 'S-1',
      name: { zh: '标准' },
      digest: { alg: 'sha-256', value: 'a'.repeat(64) },
      duties: ['consult'],
      effectiveFrom: '2026-01-01T00:00:00Z',
    });
    expect(draft.status).toBe(201);
  });

  it('shows a feature from its first approval on, and says of any other name that nobody approved it', async () => {
    const unheard = await world.get('/v1/features/case-reopening');
    expect(unheard).toMatchObject({ status: 404, body: { code: 'feature.not-found', retryable: false } });
    expect((await world.post('/v1/features/case-reopening/approvals', world.registrar('320000'), {})).status).toBe(201);
    const { status, body: feature } = await world.get('/v1/features/case-reopening');
    expect(status).toBe(200);
    expect(feature).toMatchObject({ feature: 'case-reopening', status: 'proposed', approvals: [{ province: '320000' }] });
    expect((await world.get('/v1/features/Case-Reopening')).status).toBe(404);
  });

  it('takes the key of a certificate that an agency brings, and does not sign for it', async () => {
    const { pem, keyDigest } = await ownCertificate();
    const answer = await register({ certificate: pem });
    expect(answer).toMatchObject({ status: 201, body: { record: { keyDigest } } });
    expect(answer.body.record).not.toHaveProperty('certificate');
    const { agencyId } = answer.body.record;
    const roles = ['case-handler'] as const;
    const stranger = {
      agencyId,
      province: '310000',
      roles,
      token: await world.token({ agencyId, province: '310000', roles }),
    } as const;
    const attempt = await world.post(`/v1/centres/${agencyId}/partners`, stranger, { partner: freshAgencyId('320000') });
    expect(attempt).toMatchObject({ status: 403, body: { code: 'auth.signer' } });
    const line = { recordId: 'r-1', kind: 'milestone', digest: sha256('r-1'), occurredAt: '2026-11-02T01:02:03Z' };
    expect(await world.post('/v1/anchors', stranger, [line])).toMatchObject({ status: 403, body: { code: 'auth.signer' } });
    // Peers are asked for a receipt in the registrar's name then.
    expect((await world.get(`/v1/receipts/${answer.body.transaction.id}`, stranger)).status).toBe(200);
  });

  it('refuses what is not one certificate with a P-256 key', async () => {
    const { pem } = await ownCertificate();
    const publicKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });
    const garbage = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    for (const certificate of ['', 'x', publicKey, garbage, pem + pem, `${pem}trailing`]) {
      const answer = await register({ certificate });
      expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
      expect(answer.body.errors[0].path).toBe('/certificate');
    }
  });

  it.each([
    ['a wrong check character', { agencyId: '111000000000133380' }, 400, 'request.id-invalid'],
    ['a division of another province', { divisionCode: '320500' }, 403, 'auth.province'],
    ['an auditor with another role', { kind: 'auditor', roles: ['auditor', 'data-user'] }, 422, 'agency.roles'],
    ['a registrar with another role', { roles: ['registrar', 'data-user'] }, 422, 'agency.roles'],
    ['a role that is none', { roles: ['emperor'] }, 400, 'request.invalid'],
    ['no role', { roles: [] }, 400, 'request.invalid'],
    ['one role twice', { roles: ['data-user', 'data-user'] }, 400, 'request.invalid'],
  ])('refuses %s', async (_what, changes, status, code) => {
    expect(await register(changes)).toMatchObject({ status, body: { code } });
  });

  it('does not sign with a key that a refused registration may have left, for an agency that then brings its own', async () => {
    const { pem, keyDigest } = await ownCertificate();
    const agencyId = freshAgencyId('310000');
    const left = await world.below.wallet.keyDigest(agencyId, '310000');
    expect(left).not.toBe(keyDigest);
    expect((await register({ agencyId, certificate: pem })).body.record.keyDigest).toBe(keyDigest);
    const roles = ['case-handler'] as const;
    const token = await world.token({ agencyId, province: '310000', roles });
    const agency = { agencyId, province: '310000', roles, token } as const;
    const line = { recordId: 'r-1', kind: 'milestone', digest: sha256('r-1'), occurredAt: '2026-11-02T01:02:03Z' };
    expect(await world.post('/v1/anchors', agency, [line])).toMatchObject({ status: 403, body: { code: 'auth.signer' } });
    const partner = await world.post(`/v1/centres/${agencyId}/partners`, agency, { partner: freshAgencyId('320000') });
    expect(partner).toMatchObject({ status: 403, body: { code: 'auth.signer' } });
  });

  it.each([{ divisionCode: '320500' }, { roles: ['registrar', 'data-user'] }])('makes no key for %j', async (changes) => {
    const agencyId = freshAgencyId('310000');
    expect((await register({ agencyId, ...changes })).status).toBeGreaterThan(400);
    const written = world.folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }));
    expect(written.filter((name) => name.includes(agencyId))).toEqual([]);
  });

  it('refuses a second registration and leaves the first one’s key alone', async () => {
    const first = await register();
    const { agencyId, keyDigest } = first.body.record;
    expect(await register({ agencyId })).toMatchObject({ status: 409, body: { code: 'agency.exists' } });
    expect((await world.get(`/v1/agencies/${agencyId}`)).body.keyDigest).toBe(keyDigest);
  });

  it('puts a change of roles, and a deactivation, in force from the next request', async () => {
    const agency = await world.agency('310000', ['case-handler']);
    const all = { ...agency, token: await world.token({ ...agency, roles: ['case-handler', 'catalogue-editor'] }) };
    const draft = () =>
      world.post('/v1/catalogue/service-standards', all, {
        code: 'S-2',
        name: { zh: '标准' },
        digest: { alg: 'sha-256', value: 'a'.repeat(64) },
        duties: ['consult'],
        effectiveFrom: '2026-01-01T00:00:00Z',
      });
    const path = `/v1/agencies/${agency.agencyId}`;
    expect(await draft()).toMatchObject({ status: 403, body: { code: 'auth.role' } });
    const roles = { roles: ['case-handler', 'catalogue-editor'] };
    expect((await world.post(`${path}/roles`, world.registrar(), roles)).status).toBe(201);
    expect((await draft()).status).toBe(201);
    expect((await world.post(`${path}/deactivation`, world.registrar(), { reason: 'merged' })).status).toBe(201);
    expect(await draft()).toMatchObject({ status: 401, body: { code: 'auth.invalid' } });
    expect((await world.post(`${path}/reactivation`, world.registrar(), { reason: 'restored' })).status).toBe(201);
    expect((await draft()).status).toBe(201);
  });

  it('shows an agency’s history to agencies only, the first version first', async () => {
    const agency = await world.agency('310000', ['case-handler']);
    await world.post(`/v1/agencies/${agency.agencyId}/roles`, world.registrar(), { roles: ['data-user'] });
    const path = `/v1/agencies/${agency.agencyId}/history`;
    const { body: history } = await world.get(path, world.registrar('340000'));
    expect(history.items.map(({ record }: { record: { roles: string[] } }) => record.roles)).toEqual([
      ['case-handler'],
      ['data-user'],
    ]);
    expect(history.items[0].transaction.id).toMatch(/^[0-9a-f]{64}$/);
    expect((await world.get(path)).status).toBe(401);
    expect((await world.get(`/v1/agencies/${freshAgencyId('310000')}/history`, agency)).status).toBe(404);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await world.get(`/v1/agencies/${freshAgencyId('310000')}`)).toMatchObject({
      status: 404,
      body: { code: 'agency.not-found' },
    });
    expect(await world.get('/v1/instruments/none')).toMatchObject({ status: 404, body: { code: 'instrument.not-found' } });
    expect(await world.get(`/v1/centres/${freshAgencyId('310000')}`)).toMatchObject({
      status: 404,
      body: { code: 'centre.not-found' },
    });
    expect(await world.get('/v1/officers/none', world.registrar())).toMatchObject({
      status: 404,
      body: { code: 'officer.not-found' },
    });
  });

  it('lists officers for agencies, by centre and status', async () => {
    expect((await world.get('/v1/officers')).status).toBe(401);
    expect(await world.get('/v1/officers?status=active', world.registrar())).toMatchObject({ status: 200, body: { items: [] } });
    expect((await world.get('/v1/officers?status=sleeping', world.registrar())).status).toBe(400);
  });
});

describe('an API of one province', () => {
  it('signs for that province’s agencies and no others', async () => {
    const world = await ApiWorld.create({ settings: { PROVINCE: '320000' } });
    try {
      const instrument = {
        code: 'LAW-1',
        title: { zh: '规定' },
        issuer: '江苏省人民代表大会常务委员会',
        effectiveFrom: '2026-01-01T00:00:00Z',
        digest: { alg: 'sha-256', value: 'a'.repeat(64) },
      };
      const elsewhere = await world.post('/v1/instruments', world.registrar('310000'), instrument);
      expect(elsewhere).toMatchObject({ status: 403, body: { code: 'auth.province' } });
      expect((await world.post('/v1/instruments', world.registrar('320000'), instrument)).status).toBe(201);
    } finally {
      await world.close();
    }
  });
});
