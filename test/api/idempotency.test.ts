import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../network/errors.js';
import type { Ledger } from '../../network/ledger.js';
import { ApiWorld } from '../support/api-world.js';

describe('a write under an idempotency key', () => {
  let world: ApiWorld;
  let unavailable = 0;
  const between = (ledger: Ledger): Ledger => ({
    submit: async (invocation, prepared) => {
      if (unavailable > 0) {
        unavailable -= 1;
        throw new LedgerUnavailable('no quorum');
      }
      return ledger.submit(invocation, prepared);
    },
    evaluate: (invocation) => ledger.evaluate(invocation),
    attest: (invocation, count) => ledger.attest(invocation, count),
    statements: (number) => ledger.statements(number),
    transactionStatus: (id) => ledger.transactionStatus(id),
    blocks: (from, signal) => ledger.blocks(from, signal),
    info: () => ledger.info(),
    close: () => ledger.close(),
  });
  beforeAll(async () => {
    world = await ApiWorld.create({ between });
  });
  afterAll(() => world.close());

  let serial = 0;
  const instrument = () => ({
    code: `LAW-${++serial}`,
    title: { zh: '规定' },
    issuer: '上海市人民代表大会常务委员会',
    effectiveFrom: '2026-01-01T00:00:00Z',
    digest: { alg: 'sha-256', value: 'a'.repeat(64) },
  });
  const post = (body: object, key: string, agency = world.registrar(), language = 'en') =>
    world.post('/v1/instruments', agency, body, { 'idempotency-key': key, 'accept-language': language });
  const instruments = async () => (await world.get('/v1/instruments?limit=200')).body.items.length as number;

  it('gives the first answer again, byte for byte, and says so', async () => {
    const key = randomUUID();
    const body = instrument();
    const first = await post(body, key);
    expect(first.status).toBe(201);
    expect(first.headers).not.toHaveProperty('idempotent-replayed');
    const before = await instruments();
    const second = await post(body, key, world.registrar(), 'zh-CN');
    expect(second.status).toBe(201);
    expect(second.text).toBe(first.text);
    expect(second.headers.location).toBe(first.headers.location);
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(await instruments()).toBe(before);
  });

  it('takes the same content in another spelling as the same body', async () => {
    const key = randomUUID();
    const body = instrument();
    const first = await post(body, key);
    const reversed = Object.fromEntries(Object.entries(body).reverse());
    const second = await post(reversed, key);
    expect(second.text).toBe(first.text);
  });

  it('gives a refusal again too', async () => {
    const taken = instrument();
    await post(taken, randomUUID());
    const key = randomUUID();
    const first = await post(taken, key);
    expect(first).toMatchObject({ status: 409, body: { code: 'instrument.exists', retryable: false } });
    const second = await post(taken, key);
    expect(second.text).toBe(first.text);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  it('refuses another body, and another path, under the same key', async () => {
    const key = randomUUID();
    const body = instrument();
    expect((await post(body, key)).status).toBe(201);
    expect(await post(instrument(), key)).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
    const elsewhere = await world.post(
      '/v1/agencies/11310000MB0D3101X4/deactivation',
      world.registrar(),
      { reason: 'x' },
      {
        'idempotency-key': key,
      },
    );
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
    expect((await world.get(`/v1/instruments/${body.code}`)).status).toBe(200);
  });

  it('is one agency’s own: another one’s equal key is another key', async () => {
    const key = randomUUID();
    const first = await post(instrument(), key);
    const second = await post(instrument(), key, world.registrar('320000'));
    expect(second.status).toBe(201);
    expect(second.headers).not.toHaveProperty('idempotent-replayed');
    expect(second.body.transaction.id).not.toBe(first.body.transaction.id);
  });

  it('happens once when it is sent a hundred times at once', async () => {
    const key = randomUUID();
    const body = instrument();
    const before = await instruments();
    const answers = await Promise.all(Array.from({ length: 100 }, () => post(body, key)));
    expect(await instruments()).toBe(before + 1);
    const running = answers.filter(({ status }) => status === 409);
    for (const answer of running) {
      expect(answer.body).toMatchObject({ code: 'idempotency.in-progress', retryable: true });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    const written = answers.filter(({ status }) => status === 201);
    expect(written.length + running.length).toBe(100);
    expect(new Set(written.map(({ text }) => text)).size).toBe(1);
    expect(written.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  });

  it('is free again after a failure that may pass', async () => {
    const key = randomUUID();
    const body = instrument();
    unavailable = 1;
    const failed = await post(body, key);
    expect(failed).toMatchObject({ status: 503, body: { code: 'ledger.unavailable', retryable: true } });
    expect(Number(failed.headers['retry-after'])).toBeGreaterThan(0);
    const second = await post(body, key);
    expect(second.status).toBe(201);
    expect(second.headers).not.toHaveProperty('idempotent-replayed');
  });

  it('is known to the ledger: when the store has forgotten it, the answer is made again from the chain', async () => {
    const key = randomUUID();
    const body = instrument();
    const first = await post(body, key);
    await world.service.deps.store.db.deleteFrom('submission').execute();
    const second = await post(body, key);
    expect(second.text).toBe(first.text);
    expect(second.headers['idempotent-replayed']).toBe('true');
    await world.service.deps.store.db.deleteFrom('submission').execute();
    expect(await post(instrument(), key)).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
    expect((await post(body, key)).text).toBe(first.text);
  });

  it('survives a restart', async () => {
    const key = randomUUID();
    const body = instrument();
    const first = await post(body, key);
    await world.restart();
    const second = await post(body, key);
    expect(second.text).toBe(first.text);
  });

  it.each(['short', 'x'.repeat(65), 'with blanks in between', '键键键键键键键键键键键键键键键键'])(
    'refuses the key %j',
    async (key) => {
      const answer = await post(instrument(), Buffer.from(key, 'utf8').toString('latin1'));
      expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
      expect(answer.body.errors[0].path).toBe('/idempotency-key');
    },
  );

  it.each(['11010519491231002X', 'order-of-13800138000'])('refuses the key %j, which would stay on the ledger', async (key) => {
    const answer = await post(instrument(), key);
    expect(answer).toMatchObject({ status: 422, body: { code: 'privacy.personal-data' } });
    expect(answer.body.errors[0].path).toBe('/idempotency-key');
    expect(answer.text).not.toContain(key);
  });

  it('is not asked for: without one every request is its own', async () => {
    const body = instrument();
    expect((await world.post('/v1/instruments', world.registrar(), body)).status).toBe(201);
    expect(await world.post('/v1/instruments', world.registrar(), body)).toMatchObject({
      status: 409,
      body: { code: 'instrument.exists' },
    });
  });
});
