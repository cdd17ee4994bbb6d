import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { attemptsOf, count, type HistoryEvent } from '../../scripts/faults/history/history.js';
import { judge } from '../../scripts/faults/history/judge.js';
import { eventsOf, LoggedPosts } from '../../scripts/faults/history/posts.js';
import { chain, PEERS, transaction, view } from '../support/fault-history.js';

const TRANSACTION = { id: 'tx', block: 1, time: '2026-01-01T00:00:00.000Z', endorsers: [] };
const text = (body: object) => JSON.stringify(body);

describe('an answer of an API', () => {
  it('is ok at 201, and the transaction is its own unless it was replayed', () => {
    const answer = { status: 201, text: text({ record: {}, transaction: TRANSACTION }) };
    const ok = { event: 'ok', transactionId: 'tx', block: 1 };
    expect(eventsOf(answer, false)).toEqual([{ event: 'prepared', transactionId: 'tx' }, ok]);
    expect(eventsOf(answer, true)).toEqual([ok]);
  });

  it('is unknown at 202, with the transaction that may still come', () => {
    const answer = { status: 202, text: text({ transaction: { id: 'tx', status: 'pending' } }) };
    expect(eventsOf(answer, false)).toEqual([{ event: 'unknown', transactionId: 'tx' }]);
  });

  it.each([409, 422, 503])('is failed at %i, with the code of the problem', (status) => {
    expect(eventsOf({ status, text: text({ code: 'some.code' }) }, false)).toEqual([
      { event: 'failed', reason: `${status} some.code` },
    ]);
  });

  it.each([
    [500, text({ code: 'internal.error' })],
    [502, '<html>no JSON</html>'],
    [201, '{"record":{}}'],
  ])('promises nothing at %i %s', (status, body) => {
    expect(eventsOf({ status, text: body }, false)).toEqual([{ event: 'unknown' }]);
  });
});

describe('logged posts', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serving(answers: Record<string, [status: number, body: object] | 'cut'>): Promise<string> {
    const made = createServer((request, response) => {
      const answer = answers[String(request.headers['idempotency-key'] ?? request.url)];
      if (answer === undefined || answer === 'cut') return void request.socket.destroy();
      response.writeHead(answer[0], { 'content-type': 'application/json' }).end(text(answer[1]));
    });
    server = made;
    await new Promise<void>((done) => made.listen(0, '127.0.0.1', () => done()));
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  }
  const blocks = chain([[], [transaction('tx', 'operation~agency~one')]]);
  const judged = (history: readonly HistoryEvent[], of = blocks) =>
    judge(
      history,
      PEERS.map((mspId) => view(mspId, of)),
    );

  async function asked(key: string, answer: [status: number, body: object] | 'cut') {
    const history: HistoryEvent[] = [];
    const posts = new LoggedPosts('api', (event) => history.push(event));
    const later = { '/v1/transactions/tx': [200, { id: 'tx', status: 'valid' }] as [number, object] };
    const address = await serving({ [key]: answer, ...later });
    const end = posts.post({ url: `${address}/v1/instruments`, token: 't', agencyId: 'agency', key, body: '{}' });
    await end.catch(() => undefined);
    return { history, posts, address };
  }

  it('take a connection that was cut for an unknown outcome, whether or not it was written', async () => {
    const { history } = await asked('one', 'cut');
    expect(count(history)).toEqual({ ok: 0, failed: 0, unknown: 1 });
    expect(judged(history)).toEqual([]);
    expect(judged(history, chain([[]]))).toEqual([]);
  });

  it('learn later what became of a 202', async () => {
    const { history, posts, address } = await asked('one', [202, { transaction: { id: 'tx' } }]);
    expect(await posts.resolve(address, 't', 5000)).toEqual([]);
    expect(history.at(-1)).toMatchObject({ event: 'resolved', transactionId: 'tx', status: 'valid' });
    expect(judged(history)).toEqual([]);
    expect(judged(history, chain([[]]))).toEqual(['operation~agency~one: tx was told to be valid and is invalid']);
  });

  it('are judged: a 201 that is not on the ledger, or in another block', async () => {
    const { history } = await asked('one', [201, { transaction: TRANSACTION }]);
    expect(attemptsOf(history)[0]?.outcome).toEqual({ kind: 'ok', transactionId: 'tx', block: 1 });
    expect(judged(history)).toEqual([]);
    expect(judged(history, chain([[]])).join()).toMatch(/one was acknowledged as tx and is not there/);
    const moved = chain([[], [], [transaction('tx', 'operation~agency~one')]]);
    expect(judged(history, moved)).toEqual(['operation~agency~one was acknowledged in 1/0 and is in 2/0']);
  });

  it('are judged: a 503 whose write is on the ledger', async () => {
    const { history } = await asked('one', [503, { code: 'ledger.unavailable' }]);
    expect(judged(history)).toEqual(['operation~agency~one failed each time (503 ledger.unavailable) and is there']);
  });
});
