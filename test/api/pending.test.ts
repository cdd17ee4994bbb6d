import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OutcomeUnknown } from '../../network/errors.js';
import type { Committed, Invocation, Ledger } from '../../network/ledger.js';
import { ApiWorld } from '../support/api-world.js';
import { eventually } from '../support/eventually.js';

type Submit = Ledger['submit'];

/** The real ledger with another way to submit, which a test may change while it runs. */
function withSubmit(ledger: Ledger, submit: (real: Ledger) => Submit): Ledger {
  return {
    submit: (invocation, prepared) => submit(ledger)(invocation, prepared),
    evaluate: (invocation) => ledger.evaluate(invocation),
    attest: (invocation, count) => ledger.attest(invocation, count),
    statements: (number) => ledger.statements(number),
    transactionStatus: (id) => ledger.transactionStatus(id),
    blocks: (from, signal) => ledger.blocks(from, signal),
    info: () => ledger.info(),
    close: () => ledger.close(),
  };
}

const normal =
  (ledger: Ledger): Submit =>
  (invocation: Invocation, prepared) =>
    ledger.submit(invocation, prepared);

describe('a write whose outcome is not known in time', () => {
  let world: ApiWorld;
  let submit: (real: Ledger) => Submit = normal;
  beforeEach(async () => {
    submit = normal;
    world = await ApiWorld.create({ deadlineMilliseconds: 300, between: (ledger) => withSubmit(ledger, (real) => submit(real)) });
  });
  afterEach(() => world.close());

  const instrument = (code = 'LAW-1') => ({
    code,
    title: { zh: '规定' },
    issuer: '江苏省人民代表大会常务委员会',
    effectiveFrom: '2026-01-01T00:00:00Z',
    digest: { alg: 'sha-256', value: 'a'.repeat(64) },
  });
  const post = (body: object, key?: string) =>
    world.post('/v1/instruments', world.registrar(), body, key === undefined ? {} : { 'idempotency-key': key });
  const status = (id: string) => world.get(`/v1/transactions/${id}`, world.registrar());

  /** Commits, but tells nobody until it is let go. */
  function held(): { submit: (real: Ledger) => Submit; release: () => void } {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    return {
      release: () => release(),
      submit:
        (real) =>
        async (invocation, prepared): Promise<Committed> => {
          const committed = await real.submit(invocation, prepared);
          await gate;
          return committed;
        },
    };
  }

  it('is answered with 202 and the transaction’s id, and later told by it', async () => {
    const gate = held();
    submit = gate.submit;
    const answer = await post(instrument());
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({ transaction: { id: expect.stringMatching(/^[0-9a-f]{64}$/), status: 'pending' } });
    const { id } = answer.body.transaction;
    expect(answer.headers.location).toBe(`/v1/transactions/${id}`);
    gate.release();
    await eventually(async () =>
      expect((await status(id)).body).toEqual({ id, status: 'valid', block: expect.any(Number), time: expect.any(String) }),
    );
  });

  it('answers a repeat with the stored 202 until the final answer takes its place', async () => {
    const gate = held();
    submit = gate.submit;
    const key = randomUUID();
    const first = await post(instrument(), key);
    expect(first.status).toBe(202);
    const again = await post(instrument(), key);
    expect(again).toMatchObject({ status: 202, text: first.text, headers: { 'idempotent-replayed': 'true' } });
    gate.release();
    await eventually(async () => expect((await post(instrument(), key)).status).toBe(201));
    const final = await post(instrument(), key);
    expect(final.body.transaction.id).toBe(first.body.transaction.id);
    expect((await world.get('/v1/instruments')).body.items).toHaveLength(1);
  });

  it('is settled by sending the same operation again when the ledger cannot tell', async () => {
    const lost = 'f'.repeat(64);
    let tries = 0;
    submit = (real) => async (invocation, prepared) => {
      tries += 1;
      if (tries > 1) return real.submit(invocation, prepared);
      prepared?.(lost);
      throw new OutcomeUnknown(lost);
    };
    const answer = await post(instrument(), randomUUID());
    expect(answer).toMatchObject({ status: 202, body: { transaction: { id: lost } } });
    await eventually(async () => expect((await status(lost)).body.status).toBe('valid'));
    const { body } = await status(lost);
    expect(body.id).toBe(lost);
    expect(body.transaction).toMatch(/^[0-9a-f]{64}$/);
    expect(body.transaction).not.toBe(lost);
    expect((await world.get('/v1/instruments')).body.items).toHaveLength(1);
  });

  it('is found applied, not applied twice, when its first transaction had been committed after all', async () => {
    submit = (real) => async (invocation, prepared) => {
      const committed = await real.submit(invocation, prepared);
      submit = normal;
      throw new OutcomeUnknown(committed.transactionId);
    };
    const key = randomUUID();
    const answer = await post(instrument(), key);
    expect(answer.status).toBe(202);
    await eventually(async () => expect((await post(instrument(), key)).status).toBe(201));
    expect((await post(instrument(), key)).body.transaction.id).toBe(answer.body.transaction.id);
    expect((await world.get('/v1/instruments')).body.items).toHaveLength(1);
  });

  it('is told as invalid, with its code, when it turns out to be refused', async () => {
    expect((await post(instrument())).status).toBe(201);
    const id = 'e'.repeat(64);
    let tries = 0;
    submit = (real) => async (invocation, prepared) => {
      tries += 1;
      if (tries > 1) return real.submit(invocation, prepared);
      throw new OutcomeUnknown(id);
    };
    const key = randomUUID();
    expect((await post(instrument(), key)).status).toBe(202);
    await eventually(async () => expect((await status(id)).body.status).toBe('invalid'));
    expect((await status(id)).body).toEqual({ id, status: 'invalid', code: 'instrument.exists' });
    expect(await post(instrument(), key)).toMatchObject({ status: 409, body: { code: 'instrument.exists' } });
  });

  it('is settled by the next process when this one ends first', async () => {
    const id = 'd'.repeat(64);
    submit = () => async () => {
      throw new OutcomeUnknown(id);
    };
    const key = randomUUID();
    expect((await post(instrument(), key)).status).toBe(202);
    await world.restart({ deadlineMilliseconds: 5000 });
    await eventually(async () => expect((await world.get('/readyz')).status).toBe(200));
    expect((await status(id)).body.status).toBe('valid');
    expect((await post(instrument(), key)).status).toBe(201);
    expect((await world.get('/v1/instruments')).body.items).toHaveLength(1);
  });

  it('is not ready before what an earlier process left open is settled', async () => {
    submit = () => async () => {
      throw new OutcomeUnknown('c'.repeat(64));
    };
    expect((await post(instrument(), randomUUID())).status).toBe(202);
    await world.restart();
    expect(await world.get('/readyz')).toMatchObject({
      status: 503,
      body: { code: 'ledger.unavailable', retryable: true, checks: { operations: false, ledger: true } },
    });
    submit = normal;
    await eventually(async () => expect((await world.get('/readyz')).status).toBe(200));
  });

  it('does not keep the process from ending when its block never comes', async () => {
    let stalled = false;
    const blocks = async function* (ledger: Ledger, from: number, signal: AbortSignal) {
      for await (const block of ledger.blocks(from, signal)) {
        if (stalled) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        yield block;
      }
    };
    await world.restart({
      deadlineMilliseconds: 300,
      between: (ledger) => ({ ...withSubmit(ledger, normal), blocks: (from, signal) => blocks(ledger, from, signal) }),
    });
    stalled = true;
    const key = randomUUID();
    expect((await post(instrument(), key)).status).toBe(202);
    await world.restart({ deadlineMilliseconds: 5000 });
    await eventually(async () => expect((await post(instrument(), key)).status).toBe(201));
  });

  it('is given up with a problem when its agency can sign here no more, and keeps nobody from being ready', async () => {
    const change = { agency: '91310000MA1FL0000X' };
    const id = 'b'.repeat(64);
    submit = () => async () => {
      throw new OutcomeUnknown(id);
    };
    expect((await post(instrument(), randomUUID())).status).toBe(202);
    const { db } = world.service.deps.store;
    await world.service.deps.submissions.close();
    await db.updateTable('submission').set(change).where('state', '=', 'pending').execute();
    await db.updateTable('announced_transaction').set(change).where('id', '=', id).execute();
    submit = normal;
    await world.restart({ deadlineMilliseconds: 5000 });
    await eventually(async () => expect((await world.get('/readyz')).status).toBe(200));
    expect((await status(id)).body).toEqual({ id, status: 'invalid', code: 'auth.invalid' });
    expect((await world.get('/v1/instruments')).body.items).toEqual([]);
  });

  it('is done all the same when nobody knows its form of answer any more', async () => {
    const { db } = world.service.deps.store;
    submit = () => async () => {
      throw new OutcomeUnknown('a'.repeat(64));
    };
    const key = randomUUID();
    expect((await post(instrument(), key)).status).toBe(202);
    const row = await db.selectFrom('submission').select('context').where('operation', '=', key).executeTakeFirstOrThrow();
    await world.service.deps.submissions.close();
    const context = JSON.stringify({ ...JSON.parse(row.context), form: 'POST /v1/nowhere' });
    await db.updateTable('submission').set({ context }).where('operation', '=', key).execute();
    submit = normal;
    await world.restart({ deadlineMilliseconds: 5000 });
    await eventually(async () => expect((await world.get('/readyz')).status).toBe(200));
    expect((await status('a'.repeat(64))).body.status).toBe('valid');
    expect(await post(instrument(), key)).toMatchObject({ status: 500, body: { code: 'internal.error' } });
  });

  it('tells nothing of an id that nobody knows but that it is pending', async () => {
    const id = '0'.repeat(64);
    expect(await status(id)).toMatchObject({ status: 200, body: { id, status: 'pending' } });
    expect((await world.get('/v1/transactions/xyz', world.registrar())).status).toBe(400);
    expect((await world.get(`/v1/transactions/${id}`)).status).toBe(401);
  });

  it('leaves a key under which a repeat finds what was done, when the process ends before it notes the answer', async () => {
    const key = randomUUID();
    const first = await post(instrument(), key);
    await world.service.deps.store.db.deleteFrom('submission').execute();
    await world.restart();
    const again = await post(instrument(), key);
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await world.get('/v1/instruments')).body.items).toHaveLength(1);
  });
});
