import { connect } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { handlerDeadline } from '../../api/plugins/handler-deadline.js';
import { handleClientError, problems } from '../../api/plugins/problems.js';
import { AGENCY_REQUESTS, PUBLIC_REQUESTS } from '../../api/plugins/rate-limits.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

describe('how often one may ask', () => {
  let world: ApiWorld;
  let first: ApiAgency;
  let second: ApiAgency;
  beforeAll(async () => {
    world = await ApiWorld.create({ settings: { RATE_LIMIT: 'on' } });
    first = await world.agency('310000', ['data-user']);
    second = await world.agency('310000', ['data-user']);
  });
  afterAll(() => world.close());

  it('is told with every answer, and is less for the public than for an agency', async () => {
    const open = await world.get('/v1/ledger');
    expect(Number(open.headers['ratelimit-limit'])).toBe(PUBLIC_REQUESTS);
    const known = await world.get('/v1/officers', first);
    expect(Number(known.headers['ratelimit-limit'])).toBe(AGENCY_REQUESTS);
    expect(AGENCY_REQUESTS).toBeGreaterThan(PUBLIC_REQUESTS);
  });

  it('is counted for each agency by itself', async () => {
    const before = Number((await world.get('/v1/officers', first)).headers['ratelimit-remaining']);
    await world.get('/v1/officers', second);
    const after = Number((await world.get('/v1/officers', first)).headers['ratelimit-remaining']);
    expect(before - after).toBe(1);
  });

  it('ends in a problem that says how long to wait, and health is answered all the same', async () => {
    let answer = await world.get('/v1/ledger');
    for (let count = 0; count <= PUBLIC_REQUESTS && answer.status === 200; count++) answer = await world.get('/v1/ledger');
    expect(answer).toMatchObject({ status: 429, body: { code: 'request.rate', retryable: true } });
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['ratelimit-remaining'])).toBe(0);
    expect((await world.get('/v1/agencies')).status).toBe(429);
    expect((await world.get('/healthz')).status).toBe(200);
    expect((await world.get('/v1/officers', first)).status).toBe(200);
  });

  it('is not counted against an agency for requests that were not its own', async () => {
    const before = Number((await world.get('/v1/officers', first)).headers['ratelimit-remaining']);
    const forged = { ...first, token: `${first.token.slice(0, -4)}AAAA` };
    expect((await world.get('/v1/officers', forged)).status).toBe(401);
    const after = Number((await world.get('/v1/officers', first)).headers['ratelimit-remaining']);
    expect(before - after).toBe(1);
  });
});

describe('how long one may keep the other waiting', () => {
  it('ends for a handler that does not answer', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const app = fastify();
      await app.register(problems);
      await app.register(handlerDeadline, { seconds: 2, arrivalSeconds: 60 });
      app.get('/never', () => new Promise(() => {}));
      app.get('/once', async () => 'here');
      const never = app.inject('/never').then((response) => response);
      expect((await app.inject('/once')).payload).toBe('here');
      await new Promise((resolve) => setImmediate(resolve));
      vi.advanceTimersByTime(3000);
      const answer = await never;
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: 'ledger.unavailable', retryable: true });
      await app.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends for a body that does not come to its end, unless it is a stream', async () => {
    const app = fastify();
    await app.register(problems);
    await app.register(handlerDeadline, { seconds: 60, arrivalSeconds: 1 });
    app.post('/body', async (request) => request.body);
    app.register(async (scope) => {
      scope.addContentTypeParser('application/octet-stream', async (_request: unknown, body: Readable) => body);
      scope.post(
        '/steady',
        { config: { streamed: 'steady' } },
        async (request) => (await (request.body as Readable).toArray()).length,
      );
      scope.post('/never', { config: { streamed: () => undefined } }, async (request) => (request.body as Readable).toArray());
      scope.post('/stream', { config: { streamed: ({ url }) => (url === '/stream' ? 'any' : undefined) } }, async (request) =>
        (await (request.body as Readable).toArray()).join(''),
      );
    });
    const port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
    const open = (path: string, type: string, length = 4) => {
      const socket = connect(port, '127.0.0.1');
      socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n"a`);
      return { socket, answer: new Promise<string>((resolve) => socket.once('data', (bytes) => resolve(bytes.toString()))) };
    };
    const stream = open('/stream', 'application/octet-stream');
    const body = open('/body', 'application/json');
    const never = open('/never', 'application/octet-stream');
    const drip = open('/steady', 'application/octet-stream');
    const steady = open('/steady', 'application/octet-stream', 100_002);
    steady.socket.write('x'.repeat(90_000));
    for (const { answer } of [never, drip]) expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    steady.socket.write('x'.repeat(10_000));
    expect(await steady.answer).toMatch(/^HTTP\/1\.1 200 OK/);
    const late = await body.answer;
    expect(late).toMatch(/^HTTP\/1\.1 408 /);
    expect(late.toLowerCase()).toContain('connection: close');
    stream.socket.write('b"');
    expect(await stream.answer).toMatch(/^HTTP\/1\.1 200 OK\r\n.*"ab"$/s);
    for (const { socket } of [stream, body, never, drip, steady]) socket.destroy();
    await app.close();
  });

  it('ends for a client that does not finish its request', async () => {
    const world = await ApiWorld.create();
    try {
      const { server } = world.service.app;
      expect([server.headersTimeout, server.requestTimeout]).toEqual([60_000, 0]);
      expect(server.timeout).toBe(75_000);
    } finally {
      await world.close();
    }
    const socket = new PassThrough();
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    handleClientError(late as never, socket as never);
    const text = Buffer.concat(await socket.toArray()).toString();
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(text).toContain('connection: close\r\n');
    expect(JSON.parse(text.slice(text.indexOf('\r\n\r\n')))).toMatchObject({ code: 'request.timeout', retryable: true });
  });
});
