import { createHash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GuessLimit } from '../../api/verification/guess-limit.js';
import { type Business, certificateOf, createBusiness, expectStatus, workerOf } from '../support/api-business.js';
import type { ApiAgency, ApiResponse } from '../support/api-world.js';

const PASS = { intact: 'pass', anchored: 'pass', issuer: 'pass', status: 'pass', copy: 'pass' };
const UNKNOWN = { intact: 'unknown', anchored: 'fail', issuer: 'unknown', status: 'unknown', copy: 'unknown' };
const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };

const digestsOf = (document: Buffer) => ({
  sha256: { alg: 'sha-256', value: createHash('sha256').update(document).digest('hex') },
  sm3: { alg: 'sm3', value: createHash('sm3').update(document).digest('hex') },
});

describe('verification over HTTP', () => {
  let business: Business;
  let issuer: ApiAgency;
  let serial = 0;

  beforeAll(async () => {
    business = await createBusiness();
    issuer = workerOf(business, '310000');
  });
  afterAll(() => business.world.close());

  const ask = (body: unknown): Promise<ApiResponse> => business.world.post('/v1/verify', undefined, body);

  async function issued(document = randomBytes(2000), changes: object = {}) {
    const { sha256, sm3 } = digestsOf(document);
    const body = certificateOf(issuer, `V${++serial}`, {
      digests: [
        { ...sha256, role: 'original' },
        { ...sm3, role: 'original' },
      ],
      ...changes,
    });
    expectStatus(await business.world.post('/v1/certificates', issuer, body), 201);
    return { document, sha256, sm3, id: body.certificateId, body };
  }
  const change = (id: string, verb: string, body: object) => business.world.post(`/v1/certificates/${id}/${verb}`, issuer, body);

  describe('by digest', () => {
    it('answers anybody, by either digest, with every check by itself', async () => {
      const { sha256, sm3, id } = await issued();
      const { height } = (await business.world.get('/v1/ledger')).body;
      for (const digest of [sha256, sm3]) {
        const { status, body } = await ask({ digest });
        expect(status).toBe(200);
        expect(body).toEqual({
          verdict: 'valid',
          checks: PASS,
          certificate: expect.objectContaining({
            certificateId: id,
            issuer: issuer.agencyId,
            province: '310000',
            typeCode: 'food-licence',
          }),
          asOf: expect.any(String),
          height,
        });
      }
    });

    it('tells the public nothing that leads to a person or a case', async () => {
      const { sha256, body } = await issued();
      const answer = await ask({ digest: sha256 });
      expect(answer.text).not.toContain(body.subject);
      expect(answer.body.certificate).not.toHaveProperty('subject');
      expect(answer.body.certificate).not.toHaveProperty('caseId');
    });

    it('says of bytes that nobody recorded only that', async () => {
      const { body, status } = await ask({ digest: digestsOf(randomBytes(9)).sha256 });
      expect([status, body]).toEqual([
        200,
        { verdict: 'unknown', checks: UNKNOWN, asOf: expect.any(String), height: expect.any(Number) },
      ]);
    });

    it('does not find a digest under the other algorithm', async () => {
      const { sha256 } = await issued();
      expect((await ask({ digest: { alg: 'sm3', value: sha256.value } })).body.verdict).toBe('unknown');
    });

    it('follows the status, and tells what it was before', async () => {
      const { sha256, id } = await issued();
      const verdict = async (times: object = {}) => (await ask({ digest: sha256, ...times })).body.verdict;
      expectStatus(await change(id, 'suspension', REASON), 201);
      expect(await verdict()).toBe('suspended');
      const { recordedAt: before } = expectStatus(await change(id, 'reinstatement', REASON), 201).body.record;
      expect(await verdict()).toBe('valid');
      expectStatus(await change(id, 'revocation', { ...REASON, effectiveAt: '2026-03-01T00:00:00Z' }), 201);
      const revoked = (await ask({ digest: sha256 })).body;
      expect(revoked).toMatchObject({
        verdict: 'revoked',
        checks: { ...PASS, status: 'fail' },
        change: { change: 'revoked', ...REASON },
      });
      expect(await verdict({ asOf: '2026-02-01T00:00:00Z' })).toBe('valid');
      expect(await verdict({ asOf: '2026-04-01T00:00:00Z' })).toBe('revoked');
      expect(await verdict({ asOf: '2026-04-01T00:00:00Z', knownAt: before })).toBe('valid');
      expect(await verdict({ knownAt: '2026-01-01T00:00:00Z' })).toBe('unknown');
      expect(await verdict({ asOf: '2025-01-01T00:00:00Z' })).toBe('not-yet-valid');
      expect(await verdict({ asOf: '2037-01-01T00:00:00Z' })).toBe('revoked');
    });

    it('tells expired and superseded ones', async () => {
      const expired = await issued(randomBytes(50), { validTo: '2026-02-01T00:00:00Z' });
      expect((await ask({ digest: expired.sha256 })).body.verdict).toBe('expired');
      const successor = await issued();
      expectStatus(await change(expired.id, 'supersession', { by: successor.id }), 201);
      expect((await ask({ digest: expired.sha256 })).body).toMatchObject({ verdict: 'superseded', change: { by: successor.id } });
    });

    it('takes an annotated copy for what it is, until it runs out', async () => {
      const { id } = await issued();
      const copy = digestsOf(randomBytes(20)).sha256;
      expectStatus(await change(id, 'copies', { digest: copy, purpose: 'loan', expiresAt: '2035-01-01T00:00:00Z' }), 201);
      expect((await ask({ digest: copy })).body).toMatchObject({
        verdict: 'valid',
        checks: PASS,
        certificate: { certificateId: id },
      });
      const late = (await ask({ digest: copy, asOf: '2035-06-01T00:00:00Z' })).body;
      expect(late).toMatchObject({ verdict: 'valid', checks: { ...PASS, copy: 'fail' } });
    });

    it.each([
      ['an upper-case digest', { digest: { alg: 'sha-256', value: 'A'.repeat(64) } }],
      ['a short one', { digest: { alg: 'sha-256', value: 'a'.repeat(63) } }],
      ['one with a blank', { digest: { alg: 'sha-256', value: `${'a'.repeat(64)} ` } }],
      ['an algorithm of the past', { digest: { alg: 'md5', value: 'a'.repeat(64) } }],
      ['a role beside it', { digest: { alg: 'sm3', value: 'a'.repeat(64), role: 'original' } }],
      ['no digest', {}],
      ['nothing', null],
      ['a list', []],
      ['a day that is none', { digest: { alg: 'sm3', value: 'a'.repeat(64) }, asOf: '2026-02-30T00:00:00Z' }],
      ['a field of the answer', { digest: { alg: 'sm3', value: 'a'.repeat(64) }, verdict: 'valid' }],
    ])('refuses %s', async (_name, body) => {
      const answer = await ask(body);
      expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
    });

    it('refuses other media types, and bodies too large', async () => {
      const text = await business.world.send('POST', '/v1/verify', { 'content-type': 'text/plain' }, '{}');
      expect([text.status, text.body.code]).toEqual([415, 'request.media-type']);
      const large = await ask({ digest: { alg: 'sm3', value: 'a'.repeat(70_000) } });
      expect([large.status, large.body.code]).toEqual([413, 'request.too-large']);
    });
  });

  describe('in lists', () => {
    const askAll = (items: unknown[]) => business.world.post('/v1/verify/batch', undefined, { items });

    it('answers up to a hundred in their order', async () => {
      const { sha256 } = await issued();
      const { sm3 } = digestsOf(randomBytes(10));
      const { status, body } = await askAll([
        { digest: sm3 },
        { digest: sha256 },
        { digest: sha256, asOf: '2037-01-01T00:00:00Z' },
      ]);
      expect([status, body.items.map(({ verdict }: { verdict: string }) => verdict)]).toEqual([
        200,
        ['unknown', 'valid', 'expired'],
      ]);
    });

    it('refuses none, more than a hundred, and any that has not its form', async () => {
      const { sm3 } = digestsOf(randomBytes(10));
      for (const items of [[], Array.from({ length: 101 }, () => ({ digest: sm3 })), [{ digest: sm3 }, { digest: 'x' }]])
        expect((await askAll(items)).body).toMatchObject({ status: 400, code: 'request.invalid' });
    });
  });
});

describe('the limit on guesses over HTTP', () => {
  let business: Business;
  beforeAll(async () => {
    business = await createBusiness({ settings: { RATE_LIMIT: 'on' } });
  });
  afterAll(() => business.world.close());
  afterEach(() => {
    Object.assign(business.world.service.deps, { guesses: new GuessLimit(Date.now) });
  });

  const guess = () =>
    business.world.post('/v1/verify', undefined, { digest: { alg: 'sha-256', value: randomBytes(32).toString('hex') } });

  it('counts unknown answers only, and refuses the 101st', async () => {
    const issuer = workerOf(business, '310000');
    const known = certificateOf(issuer, 'G1');
    expectStatus(await business.world.post('/v1/certificates', issuer, known), 201);
    const digest = { alg: 'sha-256', value: known.digests[0]?.value };
    for (let question = 0; question < 100; question++) {
      expect((await guess()).status).toBe(200);
      expect(
        (
          await business.world.post(
            '/v1/verify',
            undefined,
            question % 10 ? { digest } : { digest, asOf: '2030-01-01T00:00:00Z' },
          )
        ).status,
      ).toBe(question < 99 ? 200 : 429);
    }
    const refused = await guess();
    expect([refused.status, refused.body.code]).toEqual([429, 'request.rate']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3000);
  });

  it('refuses a list that would go beyond it', async () => {
    const items = Array.from({ length: 60 }, () => ({ digest: { alg: 'sm3', value: randomBytes(32).toString('hex') } }));
    expect((await business.world.post('/v1/verify/batch', undefined, { items })).status).toBe(200);
    expect((await business.world.post('/v1/verify/batch', undefined, { items })).body.code).toBe('request.rate');
    expect((await guess()).body.code).toBe('request.rate');
  });
});
