import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';
import { freshAgencyId } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';
import { ownCertificate } from '../support/own-certificate.js';

let world: ApiWorld;
beforeAll(async () => {
  world = await ApiWorld.create();
});
afterAll(() => world.close());

describe('another key for an agency', () => {
  const line = (recordId: string) => [
    { recordId, kind: 'milestone', digest: sha256(recordId), occurredAt: '2026-11-02T01:02:03Z' },
  ];
  /** Anchored means signed: nothing is final that was not in a transaction of the agency's. */
  const anchored = async (agency: ApiAgency, recordId: string) => {
    expect((await world.post('/v1/anchors?wait=true', agency, line(recordId))).body).toEqual({ accepted: 1, rejected: [] });
    expect(await world.get(`/v1/anchors/${recordId}`, agency)).toMatchObject({ status: 200, body: { size: 1 } });
  };
  const keysOf = (agencyId: string) =>
    world.folders
      .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
      .filter((name) => name.includes(agencyId) && name.endsWith('key.pem'));
  const replace = (agencyId: string, body: object, registrar = world.registrar()) =>
    world.post(`/v1/agencies/${agencyId}/key`, registrar, body);

  it('is made here, signs from the next request on, and the history shows both', async () => {
    const agency = await world.agency('310000', ['application']);
    const path = `/v1/agencies/${agency.agencyId}`;
    await anchored(agency, 'before');
    const { keyDigest: old } = (await world.get(path)).body;
    const answer = await replace(agency.agencyId, { reason: 'compromised' });
    expect(answer).toMatchObject({ status: 201, body: { record: { agencyId: agency.agencyId, reason: 'compromised' } } });
    expect(answer.headers.location).toBe(path);
    const { keyDigest } = answer.body.record;
    expect(keyDigest).not.toBe(old);
    expect((await world.get(path)).body.keyDigest).toBe(keyDigest);
    await anchored(agency, 'after');
    const receipt = await world.get(`/v1/receipts/${answer.body.transaction.id}`, agency);
    expect(receipt.status).toBe(200);
    const history = (await world.get(`${path}/history`, agency)).body.items.map(
      ({ record }: { record: { keyDigest: string } }) => record.keyDigest,
    );
    expect(history).toEqual(expect.arrayContaining([old, keyDigest]));
  });

  it('may be one that the agency has itself, which then signs elsewhere, until one is made here again', async () => {
    const agency = await world.agency('310000', ['application']);
    const { pem, keyDigest } = await ownCertificate();
    const answer = await replace(agency.agencyId, { reason: 'own-hsm', certificate: pem });
    expect(answer).toMatchObject({ status: 201, body: { record: { keyDigest } } });
    expect(await world.post('/v1/anchors', agency, line('own'))).toMatchObject({ status: 403, body: { code: 'auth.signer' } });
    const same = await replace(agency.agencyId, { reason: 'again', certificate: pem });
    expect(same).toMatchObject({ status: 409, body: { code: 'agency.key' } });
    expect((await replace(agency.agencyId, { reason: 'hsm-lost' })).status).toBe(201);
    await anchored(agency, 'here');
  });

  it('is made once for one Idempotency-Key', async () => {
    const { agencyId } = await world.agency('310000', ['application']);
    const made = keysOf(agencyId).length;
    const headers = { 'idempotency-key': 'replace-the-key-once' };
    const [first, again] = [
      await world.post(`/v1/agencies/${agencyId}/key`, world.registrar(), { reason: 'lost' }, headers),
      await world.post(`/v1/agencies/${agencyId}/key`, world.registrar(), { reason: 'lost' }, headers),
    ];
    expect([first.status, again.body]).toEqual([201, first.body]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect(keysOf(agencyId).length).toBe(made + 1);
  });

  it('is refused, and none is made, for whom the caller may not change', async () => {
    const [ours, theirs] = [world.registrar(), await world.agency('320000', ['application'])];
    const unknown = freshAgencyId('310000');
    const before = [ours, theirs].map(({ agencyId }) => keysOf(agencyId).length);
    expect(await replace(theirs.agencyId, { reason: 'x' })).toMatchObject({ status: 403, body: { code: 'auth.province' } });
    expect(await replace(ours.agencyId, { reason: 'x' })).toMatchObject({ status: 403, body: { code: 'auth.agency' } });
    expect(await replace(unknown, { reason: 'x' })).toMatchObject({ status: 404, body: { code: 'agency.not-found' } });
    expect(await replace(theirs.agencyId, {})).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect([ours, theirs].map(({ agencyId }) => keysOf(agencyId).length)).toEqual(before);
    expect(keysOf(unknown)).toEqual([]);
  });
});
