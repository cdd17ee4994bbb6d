import { request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemOf } from '../../api/http/errors.js';
import { negotiateLanguage } from '../../api/http/language.js';
import { problemAnswer } from '../../api/http/problem.js';
import { PROBLEM_CODES, PROBLEMS } from '../../api/http/problem-table.js';
import { REFUSAL_CODES } from '../../chaincode/errors.js';
import { DENIAL_REASONS } from '../../chaincode/transactions/grant/denial.js';
import { ClockRefused, LedgerConflict, LedgerUnavailable, ProvincesDisagree, TransactionInvalid } from '../../network/errors.js';
import { ApiWorld } from '../support/api-world.js';

describe('the table of problems', () => {
  it('has a row for every code that a contract may refuse with, or record a denial for', () => {
    expect(REFUSAL_CODES.filter((code) => !PROBLEM_CODES.includes(code))).toEqual([]);
    expect(DENIAL_REASONS.filter((code) => !PROBLEM_CODES.includes(code))).toEqual([]);
  });

  it.each(PROBLEM_CODES)('%s has a status, and texts in both languages that end in what to do', (code) => {
    const { status, zh, en } = PROBLEMS[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(zh.title).toMatch(/^\p{Script=Han}/u);
    expect(zh.detail).toMatch(/；.+。$/);
    expect(en.title).toMatch(/^[A-Z]/);
    expect(en.detail).toMatch(/[;,] .+\.$/);
  });

  it('gives statuses by the kind of a code', () => {
    const statusOf = (pattern: RegExp) =>
      new Set(PROBLEM_CODES.filter((code) => pattern.test(code)).map((code) => PROBLEMS[code].status));
    expect(statusOf(/\.not-found$/)).toEqual(new Set([404]));
    expect(statusOf(/\.(exists|state)$/)).toEqual(new Set([409]));
    expect(statusOf(/^auth\.(role|province|agency)$/)).toEqual(new Set([403]));
    expect(statusOf(/^auth\.(missing|invalid)$/)).toEqual(new Set([401]));
    expect(statusOf(/^request\.(invalid|id-invalid)$/)).toEqual(new Set([400]));
  });

  it('calls only what may pass retryable', () => {
    expect(PROBLEM_CODES.filter((code) => PROBLEMS[code].retryable)).toEqual([
      'request.timeout',
      'request.rate',
      'idempotency.in-progress',
      'ledger.conflict',
      'ledger.unavailable',
      'ledger.behind',
      'ledger.clock',
      'ledger.disagreement',
      'internal.error',
    ]);
  });

  it('makes all fields of RFC 9457 and ours, and no others', () => {
    const { status, headers, body } = problemAnswer(
      'case.state',
      { state: 'closed' },
      { language: 'en', instance: '/v1/cases/x' },
    );
    expect(status).toBe(409);
    expect(headers).toMatchObject({ 'content-type': 'application/problem+json; charset=utf-8', 'content-language': 'en' });
    expect(JSON.parse(body)).toEqual({
      type: '/v1/problems/case.state',
      title: 'Case in another state',
      status: 409,
      detail: expect.any(String),
      code: 'case.state',
      retryable: false,
      instance: '/v1/cases/x',
      state: 'closed',
    });
  });

  it('takes the ledger’s errors for what they are, and an unknown one for none', () => {
    expect(problemOf(new LedgerConflict())?.code).toBe('ledger.conflict');
    expect(problemOf(new LedgerUnavailable())?.code).toBe('ledger.unavailable');
    expect(problemOf(new TransactionInvalid('x', 'ENDORSEMENT_POLICY_FAILURE'))?.code).toBe('ledger.unavailable');
    expect(problemOf(new TypeError('secret'))).toBeUndefined();
    expect(problemOf(undefined)).toBeUndefined();
  });

  it('says that a clock is off, and who says what where provinces disagree', () => {
    const said = [
      { mspId: 'ShanghaiMSP', said: 'ab'.repeat(32) },
      { mspId: 'AnhuiMSP', said: 'cd'.repeat(32) },
    ];
    const problem = problemOf(new ProvincesDisagree('a write', said));
    expect([problem?.code, problem?.facts]).toEqual(['ledger.disagreement', { said }]);
    expect(problemOf(new ClockRefused('20 minutes'))?.code).toBe('ledger.clock');
    for (const code of ['ledger.clock', 'ledger.disagreement'] as const) expect(PROBLEMS[code].status).toBe(503);
  });

  it('leaves with the client what the framework blames on it, and nothing else', () => {
    const blamed = (statusCode: number) => Object.assign(new Error('aborted'), { code: 'ECONNRESET', statusCode });
    expect(problemOf(blamed(400))?.code).toBe('request.invalid');
    expect(problemOf(blamed(500))).toBeUndefined();
    expect(problemOf(Object.assign(new Error('reset by a peer'), { code: 'ECONNRESET' }))).toBeUndefined();
  });
});

describe('the language of an answer', () => {
  it.each([
    [undefined, 'zh-CN'],
    ['en', 'en'],
    ['en-GB', 'en'],
    ['zh-CN', 'zh-CN'],
    ['zh-TW,en;q=0.9', 'zh-CN'],
    ['en;q=0.5, zh;q=0.4', 'en'],
    ['en;q=0.5, zh;q=0.6', 'zh-CN'],
    ['fr, en;q=0.1', 'en'],
    ['fr', 'zh-CN'],
    ['*', 'zh-CN'],
    ['en;q=0', 'zh-CN'],
    ['EN', 'en'],
    [';;;,,,=', 'zh-CN'],
  ] as const)('for %j is %s', (header, language) => {
    expect(negotiateLanguage(header)).toBe(language);
  });
});

describe('problems over HTTP', () => {
  let world: ApiWorld;
  let port: number;
  beforeAll(async () => {
    world = await ApiWorld.create();
    const { app } = world.service;
    await app.listen({ host: '127.0.0.1', port: 0 });
    port = (app.server.address() as AddressInfo).port;
  });
  afterAll(() => world.close());

  it.each([
    ['zh-CN', '地址不存在'],
    ['en', 'No such address'],
  ])('come in %s', async (language, title) => {
    const answer = await world.get('/v1/nothing?x=1', undefined, { 'accept-language': language });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.headers['content-language']).toBe(language);
    expect(answer.headers.vary).toBe('Accept-Language');
    expect(answer).toMatchObject({ status: 404, body: { title, code: 'route.not-found', instance: '/v1/nothing' } });
  });

  it('lead to what they mean', async () => {
    const problem = await world.get('/v1/nothing');
    const meaning = await world.get(problem.body.type);
    expect(meaning.body).toMatchObject({ code: 'route.not-found', status: 404, zh: { title: '地址不存在' } });
    expect((await world.get('/v1/problems')).body.items).toHaveLength(PROBLEM_CODES.length);
    expect((await world.get('/v1/problems/no.such')).status).toBe(404);
  });

  it.each([
    ['DELETE', '/v1/agencies', 'GET, HEAD, POST'],
    ['PUT', '/v1/catalogue/data-sets/x/versions/1/votes', 'POST'],
    ['PATCH', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/v1/ledger', 'GET, HEAD'],
    ['TRACE', '/v1/ledger', 'GET, HEAD'],
    ['QUERY', '/v1/cases', 'GET, HEAD, POST'],
  ])('name the methods that an address takes instead of %s', async (method, path, allow) => {
    const answer = await new Promise<{ status: number | undefined; allow: unknown; text: string }>((resolve, reject) => {
      const sent = httpRequest({ host: '127.0.0.1', port, method, path }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode, allow: response.headers.allow, text }));
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(answer).toMatchObject({ status: 405, allow });
    expect(JSON.parse(answer.text).code).toBe('request.method');
  });

  it.each([
    ['what is no HTTP', 'BREW /v1/ledger HTCPCP/1.0\r\n\r\n'],
    [
      'a body of two lengths',
      'POST /v1/verify HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n',
    ],
  ])('answer %s on the bare socket, and end the connection', async (_what, bytes) => {
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain('content-type: application/problem+json; charset=utf-8\r\n');
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ code: 'request.invalid' });
  });

  it('tell nothing of what went wrong inside', async () => {
    const { ledger } = world.service.deps;
    const info = ledger.info.bind(ledger);
    ledger.info = () => Promise.reject(new Error('password of the database is hunter2'));
    try {
      const answer = await world.get('/v1/ledger', undefined, { 'accept-language': 'en' });
      expect(answer).toMatchObject({ status: 500, body: { code: 'internal.error', title: 'Internal error' } });
      expect(answer.text).not.toContain('hunter2');
      expect(answer.text).not.toContain('Error:');
    } finally {
      ledger.info = info;
    }
  });
});
