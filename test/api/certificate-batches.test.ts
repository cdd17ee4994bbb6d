import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { type Business, certificateOf, createBusiness, expectStatus, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { licenceId } from '../support/certificate-content.js';
import { sha256 } from '../support/digests.js';

const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };
let serial = 0;

describe('certificates in batches over HTTP', () => {
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

  async function batch(items: object[], agency = issuer) {
    return expectStatus(await post('/v1/certificates/batch', agency, { items }), 201).body.record;
  }

  /** Straight to the ledger, as an API of another province that has not seen the newest block would. */
  async function pastTheApi(agency: ApiAgency, fn: string, input: object): Promise<string> {
    const { ledger, wallet } = business.world.below;
    const argument = encodeArgument({ operation: `past-the-api-${String(++serial).padStart(8, '0')}`, input });
    const { block, transactionId } = await ledger.submit({ signer: await wallet.signer(agency), function: fn, argument });
    await business.world.service.deps.projection.waitFor(block);
    return transactionId;
  }

  describe('in batches', () => {
    it('are leaves under one root, read like any other', async () => {
      const items = [fresh(), fresh(), fresh()];
      const answer = expectStatus(await post('/v1/certificates/batch', issuer, { items }), 201);
      const { record, transaction } = answer.body;
      expect(record).toEqual({
        batchId: transaction.id,
        size: 3,
        root: expect.stringMatching(/^[0-9a-f]{64}$/),
        outcomes: items.map(({ certificateId }, index) => ({ index, certificateId })),
      });
      const listed = await get(String(answer.headers.location));
      expect(listed.body).toMatchObject({ batchId: record.batchId, size: 3, root: record.root });
      for (const [index, item] of items.entries())
        expect((await get(`/v1/certificates/${item.certificateId}`)).body).toMatchObject({
          ...item,
          status: 'valid',
          batch: { batchId: record.batchId, index },
        });
      expect((await get(`/v1/certificates/${items[0]?.certificateId}/history`)).body.items).toHaveLength(1);
    });

    it('name the items that could not be issued, and issue the others', async () => {
      const [taken, good] = [fresh(), fresh()];
      expectStatus(await post('/v1/certificates', issuer, taken), 201);
      const inEarlierBatch = fresh();
      await batch([inEarlierBatch]);
      const foreign = fresh({}, stranger);
      const twin = { ...fresh(), digests: good.digests };
      const record = await batch([taken, good, foreign, twin, { ...fresh(), digests: inEarlierBatch.digests }, inEarlierBatch]);
      expect(record.outcomes.map(({ code }: { code?: string }) => code)).toEqual([
        'certificate.exists',
        undefined,
        'request.id-invalid',
        'certificate.digest',
        'certificate.digest',
        'certificate.exists',
      ]);
      expect(record.size).toBe(1);
      expect((await get(`/v1/certificates/${good.certificateId}`)).body.status).toBe('valid');
      expect((await get(`/v1/certificates/${twin.certificateId}`)).body.code).toBe('certificate.not-found');
      expect((await get(`/v1/certificates/${foreign.certificateId}`)).body.code).toBe('certificate.not-found');
    });

    it('are refused whole when an item does not have its form, or there are too many', async () => {
      const bad = await post('/v1/certificates/batch', issuer, { items: [fresh(), { ...fresh(), holder: 'x' }] });
      expect([bad.status, bad.body.errors[0].path]).toEqual([400, expect.stringMatching(/^\/items\/1/)]);
      expect((await post('/v1/certificates/batch', issuer, { items: [] })).status).toBe(400);
      expect((await post('/v1/certificates/batch', issuer, { items: Array.from({ length: 501 }, () => fresh()) })).status).toBe(
        400,
      );
    });

    it('take 500 at once, and give a leaf its own key when its status changes', async () => {
      const items = Array.from({ length: 500 }, () => fresh());
      const record = await batch(items);
      expect(record.size).toBe(500);
      const id = items[317]?.certificateId ?? '';
      expect((await post(`/v1/certificates/${id}/suspension`, stranger, REASON)).body.code).toBe('auth.agency');
      expectStatus(await post(`/v1/certificates/${id}/suspension`, issuer, REASON), 201);
      expectStatus(await post(`/v1/certificates/${id}/reinstatement`, issuer, REASON), 201);
      expectStatus(await post(`/v1/certificates/${id}/revocation`, issuer, REASON), 201);
      expect((await get(`/v1/certificates/${id}`)).body).toMatchObject({ status: 'revoked', batch: { index: 317 } });
      expect((await get(`/v1/certificates/${id}/history`)).body.items).toHaveLength(4);
      expect((await get(`/v1/certificates/${items[318]?.certificateId}`)).body.status).toBe('valid');
    });

    it('let a leaf be superseded by a leaf, and have copies', async () => {
      const [old, young] = [fresh(), fresh()];
      await batch([old, young]);
      expectStatus(
        await post(`/v1/certificates/${young.certificateId}/copies`, issuer, {
          digest: sha256(`copy ${serial}`),
          purpose: 'loan',
          expiresAt: '2036-01-01T00:00:00Z',
        }),
        201,
      );
      expectStatus(await post(`/v1/certificates/${old.certificateId}/supersession`, issuer, { by: young.certificateId }), 201);
      expect((await get(`/v1/certificates/${old.certificateId}`)).body).toMatchObject({
        status: 'superseded',
        change: { by: young.certificateId },
      });
      expect((await get(`/v1/certificates/${young.certificateId}/copies`)).body.items).toHaveLength(1);
    });

    it('are not issued a second time one by one, which the key remembers', async () => {
      const item = fresh();
      await batch([item]);
      const key = randomUUID();
      const keyed = (body: object) => business.world.post('/v1/certificates', issuer, body, { 'idempotency-key': key });
      const [first, second] = [await keyed(item), await keyed(item)];
      expect([first.body.code, second.text, second.headers['idempotent-replayed']]).toEqual([
        'certificate.exists',
        first.text,
        'true',
      ]);
      expect((await keyed(fresh())).body.code).toBe('idempotency.mismatch');
      expect((await post('/v1/certificates', issuer, item)).body.code).toBe('certificate.exists');
      expect((await post('/v1/certificates', issuer, fresh({ digests: item.digests }))).body.code).toBe('certificate.digest');
      const { alg, value } = item.digests[0] as { alg: string; value: string };
      const copy = { digest: { alg, value }, purpose: 'loan', expiresAt: '2036-01-01T00:00:00Z' };
      const other = fresh();
      expectStatus(await post('/v1/certificates', issuer, other), 201);
      const refused = await post(`/v1/certificates/${other.certificateId}/copies`, issuer, copy);
      expect([refused.status, refused.body.code, refused.body.id]).toEqual([409, 'certificate.digest', value]);
      // Existence and whose it is come first.
      const foreign = await post(`/v1/certificates/${other.certificateId}/copies`, stranger, copy);
      const unknown = await post(`/v1/certificates/${fresh().certificateId}/copies`, issuer, copy);
      expect([foreign.body.code, unknown.body.code]).toEqual(['auth.agency', 'certificate.not-found']);
      const nowhere = fresh({ digests: item.digests, caseId: '32-no-such-case' });
      const wrong = { ...fresh({ digests: item.digests }), certificateId: `${stranger.agencyId}-x` };
      const codes = [await post('/v1/certificates', issuer, nowhere), await post('/v1/certificates', issuer, wrong)];
      expect(codes.map(({ body }) => body.code)).toEqual(['case.not-found', 'request.id-invalid']);
    });
  });

  describe('of two with one id or digest the first in block order stands', () => {
    const verdictOf = async (digest: object) => (await post('/v1/verify', undefined, { digest })).body;

    it('when both are leaves of batches', async () => {
      const first = fresh();
      const second = { ...fresh(), digests: first.digests };
      const third = { ...fresh({ digests: [original(`third ${serial}`)] }), certificateId: first.certificateId };
      await pastTheApi(issuer, 'certificate:IssueBatch', { items: [first] });
      await pastTheApi(issuer, 'certificate:IssueBatch', { items: [second, third] });
      expect((await get(`/v1/certificates/${second.certificateId}`)).body.code).toBe('certificate.not-found');
      expect((await get(`/v1/certificates/${first.certificateId}`)).body.digests).toEqual(first.digests);
      expect((await verdictOf({ alg: 'sha-256', value: first.digests[0]?.value })).certificate.certificateId).toBe(
        first.certificateId,
      );
      expect((await verdictOf({ alg: 'sha-256', value: (third.digests as { value: string }[])[0]?.value })).verdict).toBe(
        'unknown',
      );
    });

    it('when the later one has a key of its own', async () => {
      const leaf = fresh();
      await batch([leaf]);
      const twin = fresh({ digests: leaf.digests }, stranger);
      await pastTheApi(stranger, 'certificate:IssueCertificate', twin);
      expect((await get(`/v1/certificates/${twin.certificateId}`)).body.code).toBe('certificate.not-found');
      await pastTheApi(stranger, 'certificate:RevokeCertificate', { certificateId: twin.certificateId, ...REASON });
      const answer = await verdictOf({ alg: 'sha-256', value: leaf.digests[0]?.value });
      expect([answer.verdict, answer.certificate.certificateId]).toEqual(['valid', leaf.certificateId]);
    });

    it('and a stranger’s namesake changes nothing about it', async () => {
      // Division codes as issuers are in use; nothing in such an identifier says whose it is.
      const certificateId = licenceId('320500', `N${++serial}`);
      const [mine, theirs] = [
        fresh({ certificateId }),
        fresh({ certificateId, digests: [original(`namesake ${serial}`)] }, stranger),
      ];
      await batch([mine]);
      await pastTheApi(stranger, 'certificate:IssueBatch', { items: [theirs] });
      expect((await get(`/v1/certificates/${certificateId}`)).body).toMatchObject({ issuer: issuer.agencyId, status: 'valid' });
      expectStatus(await post(`/v1/certificates/${certificateId}/suspension`, issuer, REASON), 201);
      expect((await get(`/v1/certificates/${certificateId}`)).body).toMatchObject({
        issuer: issuer.agencyId,
        status: 'suspended',
      });
    });

    it('nor does he by issuing under its id: its issuer revokes it all the same', async () => {
      const certificateId = licenceId('320500', `N${++serial}`);
      const mine = fresh({ certificateId });
      await batch([mine]);
      const theirs = fresh({ certificateId, digests: [original(`namesake ${serial}`)] }, stranger);
      await pastTheApi(stranger, 'certificate:IssueCertificate', theirs);
      expectStatus(await post(`/v1/certificates/${certificateId}/suspension`, issuer, REASON), 201);
      expectStatus(await post(`/v1/certificates/${certificateId}/revocation`, issuer, REASON), 201);
      expect((await verdictOf({ alg: 'sha-256', value: mine.digests[0]?.value })).verdict).toBe('revoked');
    });

    it('nor does its issuer by issuing its id once more: the first is attested, changed and told of', async () => {
      const [leaf, other] = [fresh(), original(`again ${++serial}`)];
      await batch([leaf]);
      await pastTheApi(issuer, 'certificate:IssueCertificate', { ...fresh(), ...leaf, digests: [other] });
      const digest = { alg: 'sha-256', value: leaf.digests[0]?.value };
      const attested = expectStatus(await post('/v1/verify', undefined, { digest, attest: true }), 200).body;
      expect([attested.verdict, attested.receipt.format]).toEqual(['valid', expect.any(String)]);
      expectStatus(await post(`/v1/certificates/${leaf.certificateId}/revocation`, issuer, REASON), 201);
      expect((await verdictOf(digest)).verdict).toBe('revoked');
      expect((await verdictOf({ alg: other.alg, value: other.value })).verdict).toBe('unknown');
      expect((await get(`/v1/certificates/${leaf.certificateId}`)).body.changes).toHaveLength(1);
    });

    it('nor does he by giving his own leaf the key', async () => {
      const certificateId = licenceId('320500', `N${++serial}`);
      const theirs = fresh({ certificateId, digests: [original(`namesake ${serial}`)] }, stranger);
      await batch([fresh({ certificateId })]);
      const batchId = await pastTheApi(stranger, 'certificate:IssueBatch', { items: [theirs] });
      const proof = { batchId, index: 0, size: 1, path: [], leaf: theirs };
      const digest = sha256(`stolen ${serial}`);
      const copy = { digest, purpose: 'loan', expiresAt: '2036-01-01T00:00:00Z' };
      await pastTheApi(stranger, 'certificate:RecordCopy', { certificateId, ...copy, proof });
      await pastTheApi(stranger, 'certificate:RevokeCertificate', { certificateId, ...REASON });
      const read = await get(`/v1/certificates/${certificateId}`);
      expect(read.body).toMatchObject({ issuer: issuer.agencyId, status: 'valid', changes: [] });
      expect((await verdictOf(digest)).verdict).toBe('unknown');
      expect((await get(`/v1/certificates/${certificateId}/copies`)).body.items).toEqual([]);
    });
  });
});
