import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Freshness, wholeAt } from '../../api/freshness.js';
import type { Ledger, LedgerInfo } from '../../network/ledger.js';
import { ApiWorld } from '../support/api-world.js';
import { freshAgencyId } from '../support/contract-world.js';
import { hash } from '../support/digests.js';
import { eventually } from '../support/eventually.js';

const TIMES = { every: 20, patience: 200, tolerance: 300 };
const STALE = 'stale-as-of';

type Peer = readonly [reachable: boolean, height: number];
const CODES = ['310000', '320000', '330000', '340000'] as const;

function infoOf(kind: LedgerInfo['kind'], height: number, peers: readonly Peer[]): LedgerInfo {
  const provinces = peers.map(([reachable, own], index) => {
    const code = CODES[index] as (typeof CODES)[number];
    return { code, mspId: 'MSP', roots: [], reachable, height: own };
  });
  return { kind, assurance: 'bft-4', channel: 'delta', height, codeDigest: '', provinces };
}

describe('the height at which reads are whole', () => {
  const up = (height: number): Peer => [true, height];
  const down: Peer = [false, 0];

  it.each([
    ['four agree', [up(9), up(9), up(9), up(9)], 9],
    ['one is behind', [up(7), up(9), up(9), up(9)], 9],
    ['one invents a height', [up(9), up(9), up(900), up(9)], 9],
    ['two are in reach, one behind', [up(7), down, up(9), down], 7],
    ['no other is in reach', [up(9), down, down, down], undefined],
    ['none is in reach', [down, down, down, down], undefined],
  ] as const)('on the network, when %s', (_what, peers, height) => {
    expect(wholeAt(infoOf('fabric', 9, peers))).toBe(height);
  });

  it('on the embedded ledger is its own', () => {
    expect(wholeAt(infoOf('embedded', 5, [up(5), up(5), up(5), up(5)]))).toBe(5);
    expect(wholeAt(infoOf('embedded', 5, [down, down, down, down]))).toBeUndefined();
  });
});

describe('whether reads are whole', () => {
  const whole = infoOf('fabric', 3, [
    [true, 3],
    [true, 3],
    [false, 0],
    [false, 0],
  ]);

  it('is told apart by what the ledger and the tables say, and is known again when they do', async () => {
    let info: () => Promise<LedgerInfo> = async () => whole;
    let now = Date.parse('2026-11-02T08:00:00Z');
    const waited: number[] = [];
    const freshness = new Freshness(
      {
        ledger: { info: () => info() },
        projection: {
          waitFor: async (block) => {
            waited.push(block);
          },
        },
        clock: () => now,
      },
      TIMES,
    );
    await eventually(() => expect(waited).toContain(2));
    expect(freshness.staleAsOf).toBeUndefined();
    const never = () => new Promise<never>(() => {});
    for (const silent of [never, () => Promise.reject(new Error('gone')), async () => infoOf('fabric', 3, [[true, 3]])]) {
      const before = new Date(now).toISOString();
      info = silent;
      await eventually(() => expect(freshness.staleAsOf).toBe(before));
      // A clock that is set tells nothing about how long it has been.
      now += 3_600_000;
      expect(freshness.staleAsOf).toBe(before);
      info = async () => whole;
      await eventually(() => expect(freshness.staleAsOf).toBeUndefined());
    }
    await freshness.stop();
  });

  it('is not, while the tables stand still', async () => {
    const still = (_block: number, signal?: AbortSignal) =>
      new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const freshness = new Freshness(
      { ledger: { info: async () => whole }, projection: { waitFor: still }, clock: () => 0 },
      { ...TIMES, patience: 20 },
    );
    await eventually(() => expect(freshness.staleAsOf).toBe('1970-01-01T00:00:00.000Z'));
    await freshness.stop();
  });
});

describe('an API that is cut off', () => {
  let world: ApiWorld;
  let isCut = false;
  const between = (ledger: Ledger): Ledger =>
    new Proxy(ledger, {
      get: (real, name) => {
        if (name === 'info' && isCut) return () => Promise.reject(new Error('nobody in reach'));
        const value = Reflect.get(real, name) as unknown;
        return typeof value === 'function' ? value.bind(real) : value;
      },
    });
  beforeAll(async () => {
    world = await ApiWorld.create({ between, freshness: TIMES });
  });
  afterAll(() => world.close());

  const digest = { alg: 'sha-256', value: hash('nothing') };
  const ask = (body: object) => world.post('/v1/verify', undefined, body);
  const register = () =>
    world.post('/v1/agencies', world.registrar(), {
      agencyId: freshAgencyId('310000'),
      name: { zh: '机构' },
      divisionCode: '310000',
      kind: 'department',
      roles: ['case-handler'],
    });

  it('says in every answer until when it knows all, and stops saying so when it does again', async () => {
    expect((await world.get('/v1/agencies')).headers).not.toHaveProperty(STALE);
    expect((await ask({ digest })).body).not.toHaveProperty('staleAsOf');
    const before = Date.now();
    isCut = true;
    await eventually(async () => expect((await world.get('/v1/agencies')).headers).toHaveProperty(STALE));
    const list = await world.get('/v1/agencies');
    expect(list.status).toBe(200);
    const told = String(list.headers[STALE]);
    expect(Date.parse(told)).toBeGreaterThan(before - 10_000);
    expect(Date.parse(told)).toBeLessThanOrEqual(Date.now());
    expect((await world.get('/v1/instruments/none')).headers[STALE]).toBe(told);
    expect((await ask({ digest })).body).toMatchObject({ verdict: 'unknown', staleAsOf: told });
    expect((await world.post('/v1/verify/batch', undefined, { items: [{ digest }] })).body.items).toMatchObject([
      { staleAsOf: told },
    ]);
    isCut = false;
    await eventually(async () => expect((await world.get('/v1/agencies')).headers).not.toHaveProperty(STALE));
    expect((await ask({ digest })).body).not.toHaveProperty('staleAsOf');
  });

  it('does not answer from before a height that somebody has seen', async () => {
    const { height } = (await ask({ digest })).body;
    expect((await ask({ digest, minHeight: height })).status).toBe(200);
    const early = await ask({ digest, minHeight: height + 1 });
    expect(early).toMatchObject({ status: 503, body: { code: 'ledger.behind', retryable: true } });
    expect(early.headers['retry-after']).toBe('5');
    const waiting = ask({ digest, minHeight: height + 1 });
    expect((await register()).status).toBe(201);
    expect(await waiting).toMatchObject({ status: 200, body: { height: height + 1 } });
    for (const minHeight of [-1, 1.5, '7', 1e15, null])
      expect(await ask({ digest, minHeight })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('takes that height in a form as well', async () => {
    const { height } = (await ask({ digest })).body;
    const upload = (minHeight: string) => {
      const part = (name: string, content: string, more = '') =>
        `--part\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`;
      const body = `${part('minHeight', minHeight)}${part('file', 'document', '; filename="a.pdf"')}--part--\r\n`;
      return world.send('POST', '/v1/verify', { 'content-type': 'multipart/form-data; boundary=part' }, Buffer.from(body));
    };
    expect(await upload(String(height))).toMatchObject({ status: 200, body: { verdict: 'unknown' } });
    expect(await upload(String(height + 1))).toMatchObject({ status: 503, body: { code: 'ledger.behind' } });
    for (const text of ['', '-1', '1.0', '01', '1e3', '9'.repeat(16)])
      expect(await upload(text)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });
});
