import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Business, certificateOf, createBusiness, expectStatus, openedCase, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { licenceId } from '../support/certificate-content.js';
import { hash, sha256 } from '../support/digests.js';

const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };
let serial = 0;

describe('certificates over HTTP', () => {
  let business: Business;
  let issuer: ApiAgency;
  let stranger: ApiAgency;

  beforeAll(async () => {
    business = await createBusiness();
    issuer = workerOf(business, '320000');
    stranger = workerOf(business, '310000');
  });
  afterAll(() => business.world.close());

  const post = (path: string, agency: ApiAgency | undefined, body?: unknown) => business.world.post(path, agency, body);
  const get = (path: string, agency: ApiAgency | undefined = stranger) => business.world.get(path, agency);
  const fresh = (changes: object = {}, agency = issuer) => certificateOf(agency, `C${++serial}`, changes);
  const original = (word: string) => ({ ...sha256(word), role: 'original' });

  async function issued(changes: object = {}): Promise<string> {
    const body = fresh(changes);
    expectStatus(await post('/v1/certificates', issuer, body), 201);
    return body.certificateId;
  }

  describe('one by one', () => {
    it('are issued, told where, and read by any agency', async () => {
      const caseId = await openedCase(business, issuer);
      const body = fresh({ caseId });
      const answer = await post('/v1/certificates', issuer, body);
      expect([answer.status, answer.headers.location]).toEqual([201, `/v1/certificates/${body.certificateId}`]);
      const read = await get(`/v1/certificates/${body.certificateId}`);
      expect(read.body).toMatchObject({ ...body, issuer: issuer.agencyId, province: '320000', status: 'valid', changes: [] });
      expect((await business.world.get(`/v1/certificates/${body.certificateId}`)).body.code).toBe('auth.missing');
      expect((await get(`/v1/certificates/${issuer.agencyId}-none`)).body.code).toBe('certificate.not-found');
    });

    it('may carry a GB/T 36904 identifier whose check character holds and whose issuer is the caller', async () => {
      const id = licenceId(issuer.agencyId, 'A000001');
      expectStatus(await post('/v1/certificates', issuer, fresh({ certificateId: id })), 201);
      expect((await get(`/v1/certificates/${id}`)).body.family).toBe(id.split('.').slice(0, -2).join('.'));
      const wrong = `${id.slice(0, -1)}${id.endsWith('A') ? 'B' : 'A'}`;
      expect((await post('/v1/certificates', issuer, fresh({ certificateId: wrong }))).body.code).toBe('request.id-invalid');
      const foreign = await post('/v1/certificates', stranger, fresh({ certificateId: licenceId(issuer.agencyId, 'A000002') }));
      expect([foreign.status, foreign.body.code]).toEqual([422, 'certificate.issuer']);
    });

    it.each([
      ['an id under another agency', (other: string) => ({ certificateId: `${other}-1` }), 400, 'request.id-invalid'],
      [
        'an annotated copy for an original',
        () => ({ digests: [{ ...sha256('x'), role: 'annotated-copy' }] }),
        400,
        'request.invalid',
      ],
      [
        'an upper-case digest',
        () => ({ digests: [{ alg: 'sha-256', value: 'A'.repeat(64), role: 'original' }] }),
        400,
        'request.invalid',
      ],
      ['an empty digest', () => ({ digests: [{ alg: 'sha-256', value: '', role: 'original' }] }), 400, 'request.invalid'],
      [
        'an algorithm of the past',
        () => ({ digests: [{ alg: 'md5', value: hash('x'), role: 'original' }] }),
        400,
        'request.invalid',
      ],
      ['a day that does not exist', () => ({ validFrom: '2026-02-30T00:00:00Z' }), 400, 'request.invalid'],
      ['a case that is not there', () => ({ caseId: '32-case-none' }), 404, 'case.not-found'],
    ] as const)('are refused with %s', async (_name, changes, status, code) => {
      const answer = await post('/v1/certificates', issuer, fresh(changes(stranger.agencyId)));
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    });

    it('are refused when id or digest is taken', async () => {
      const certificateId = await issued();
      expect((await post('/v1/certificates', issuer, fresh({ certificateId }))).body.code).toBe('certificate.exists');
      const taken = await post('/v1/certificates', stranger, fresh({ digests: [original(certificateId)] }, stranger));
      expect([taken.status, taken.body.code]).toEqual([409, 'certificate.digest']);
    });

    it('answer a repeat with the first bytes, although the id is taken by then', async () => {
      const headers = { 'idempotency-key': 'certificate-key-01' };
      const body = fresh();
      const first = await business.world.post('/v1/certificates', issuer, body, headers);
      const second = await business.world.post('/v1/certificates', issuer, body, headers);
      expect([second.status, second.text, second.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
      const other = await business.world.post('/v1/certificates', issuer, fresh(), headers);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency.mismatch']);
    });
  });

  describe('change their status', () => {
    it('through suspension, reinstatement and revocation, by their issuer alone, and stay revoked', async () => {
      const id = await issued();
      const change = (name: string, agency = issuer, body: object = REASON) =>
        post(`/v1/certificates/${id}/${name}`, agency, body);
      expect((await change('suspension', stranger)).body.code).toBe('auth.agency');
      expectStatus(await change('suspension'), 201);
      expect((await get(`/v1/certificates/${id}`)).body.status).toBe('suspended');
      expectStatus(await change('reinstatement'), 201);
      expect((await change('reinstatement')).body).toMatchObject({ status: 409, code: 'certificate.state', state: 'valid' });
      expectStatus(await change('revocation'), 201);
      expect((await get(`/v1/certificates/${id}`)).body).toMatchObject({
        status: 'revoked',
        change: { change: 'revoked', ...REASON },
      });
      expect((await change('reinstatement')).body).toMatchObject({ status: 409, code: 'certificate.state', state: 'revoked' });
      const { items } = (await get(`/v1/certificates/${id}/history`)).body;
      expect(items.map((item: { change: string }) => item.change)).toEqual(['issued', 'suspended', 'reinstated', 'revoked']);
      const first = (await get(`/v1/certificates/${id}/history?limit=3`)).body;
      const rest = (await get(`/v1/certificates/${id}/history?limit=3&cursor=${first.nextCursor}`)).body;
      expect([first.items.length, [...first.items, ...rest.items], rest.nextCursor]).toEqual([3, items, undefined]);
    });

    it('and tell what it was on a day, and what was known on another', async () => {
      const id = await issued();
      const { recordedAt: before } = (await get(`/v1/certificates/${id}`)).body;
      const { record } = expectStatus(
        await post(`/v1/certificates/${id}/revocation`, issuer, { ...REASON, effectiveAt: '2026-03-01T00:00:00Z' }),
        201,
      ).body;
      const read = async (query: string) => (await get(`/v1/certificates/${id}?${query}`)).body;
      expect(await read('asOf=2026-02-01T00:00:00Z')).toMatchObject({ status: 'valid' });
      expect(await read('asOf=2026-03-01T00:00:00Z')).toMatchObject({ status: 'revoked' });
      expect(await read('asOf=2025-12-31T00:00:00Z')).toMatchObject({ status: 'not-yet-valid' });
      expect(await read(`asOf=2026-03-02T00:00:00Z&knownAt=${before}`)).toMatchObject({ status: 'valid', changes: [] });
      expect(await read(`asOf=2026-03-02T00:00:00Z&knownAt=${record.recordedAt}`)).toMatchObject({ status: 'revoked' });
      expect(await read('knownAt=2026-01-01T00:00:00Z')).toMatchObject({ code: 'certificate.not-found' });
      expect(await read('asOf=yesterday')).toMatchObject({ status: 400, code: 'request.invalid' });
    });

    it('by supersession, which names the one that takes its place', async () => {
      const [id, by] = [await issued(), await issued()];
      expectStatus(await post(`/v1/certificates/${id}/supersession`, issuer, { by }), 201);
      expect((await get(`/v1/certificates/${id}`)).body).toMatchObject({ status: 'superseded', change: { by } });
      expect((await post(`/v1/certificates/${by}/supersession`, issuer, { by: `${issuer.agencyId}-none` })).body.code).toBe(
        'certificate.not-found',
      );
    });

    it('and keep a list of annotated copies', async () => {
      const id = await issued();
      const copies = ['one', 'two', 'three'].map((word) => ({
        digest: sha256(`${id} ${word}`),
        purpose: 'loan',
        expiresAt: '2036-01-01T00:00:00Z',
      }));
      for (const copy of copies) expectStatus(await post(`/v1/certificates/${id}/copies`, issuer, copy), 201);
      expect((await post(`/v1/certificates/${id}/copies`, issuer, copies[0])).body.code).toBe('certificate.digest');
      const first = await get(`/v1/certificates/${id}/copies?limit=2`);
      const second = await get(`/v1/certificates/${id}/copies?limit=2&cursor=${first.body.nextCursor}`);
      const listed = [...first.body.items, ...second.body.items].map(({ digest }) => digest.value);
      expect(listed).toEqual(copies.map(({ digest }) => digest.value).sort());
      expect(second.body.nextCursor).toBeUndefined();
    });
  });
});
