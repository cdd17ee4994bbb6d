import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Business, certificateOf, createBusiness, expectStatus, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';

const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };

/** As after a process that ended between commit and answer: the ledger knows the operation, the store does not. */
describe('a repeat whose first answer was never stored', () => {
  let business: Business;
  let issuer: ApiAgency;
  let serial = 0;
  beforeAll(async () => {
    business = await createBusiness();
    issuer = workerOf(business, '320000');
  });
  afterAll(() => business.world.close());

  const fresh = () => certificateOf(issuer, `L${++serial}`);
  const post = (path: string, body: object, key: string) => business.world.post(path, issuer, body, { 'idempotency-key': key });
  const forgetAnswers = () => business.world.service.deps.store.db.deleteFrom('submission').execute();

  async function repeated(path: string, body: object) {
    const key = randomUUID();
    const first = expectStatus(await post(path, body, key), 201);
    await forgetAnswers();
    const second = await post(path, body, key);
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers.location).toBe(first.headers.location);
    expect(second.headers['idempotent-replayed']).toBe('true');
    return { key, first };
  }

  it('gets the first answer for a certificate that is taken by now: by itself', async () => {
    await repeated('/v1/certificates', fresh());
  });

  it('gets the first answer for a batch whose items are all taken by now', async () => {
    const { first } = await repeated('/v1/certificates/batch', { items: [fresh(), fresh()] });
    expect(first.body.record.size).toBe(2);
  });

  it('gets the first answer for a leaf that needs no proof any more', async () => {
    const leaf = fresh();
    expectStatus(await post('/v1/certificates/batch', { items: [leaf] }, randomUUID()), 201);
    await repeated(`/v1/certificates/${leaf.certificateId}/revocation`, REASON);
    const { body } = await business.world.get(`/v1/certificates/${leaf.certificateId}/history`, issuer);
    expect(body.items).toHaveLength(2);
  });

  it('is refused with another body, or for another thing, under the same key', async () => {
    const { key } = await repeated('/v1/certificates', fresh());
    for (const path of ['/v1/certificates', '/v1/certificates/batch']) {
      await forgetAnswers();
      const other = await post(path, path.endsWith('batch') ? { items: [fresh()] } : fresh(), key);
      expect([other.status, other.body.code]).toEqual([422, 'idempotency.mismatch']);
    }
  });
});
