import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readiness } from '../../api/routes/health-routes.js';
import { ApiWorld } from '../support/api-world.js';

describe('readiness', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create();
  });
  afterAll(() => world.close());

  const deps = () => world.service.deps;
  const never = () => new Promise<never>(() => {});

  it('holds when the ledger answers, the tables have its last block, and nothing is open', async () => {
    const all = { ledger: true, projection: true, operations: true, preparation: true, store: true };
    expect(await readiness(deps())).toEqual(all);
    expect(await world.get('/readyz')).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(await world.get('/healthz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('does not hold while the ledger is silent or fails', async () => {
    const { ledger } = deps();
    for (const info of [never, () => Promise.reject(new Error('gone'))]) {
      const silent = { ...deps(), ledger: { ...ledger, info } as typeof ledger };
      expect(await readiness(silent, 30)).toMatchObject({ ledger: false, projection: false });
    }
  });

  it('does not hold while the tables are behind, or stand still', async () => {
    const { ledger, projection } = deps();
    const { height, ...info } = await ledger.info();
    const ahead = { ...ledger, info: async () => ({ ...info, height: height + 1 }) } as typeof ledger;
    expect(await readiness({ ...deps(), ledger: ahead }, 30)).toMatchObject({ ledger: true, projection: false });
    const still = Object.create(projection, { fault: { value: new Error('broken') } });
    expect(await readiness({ ...deps(), projection: still })).toMatchObject({ ledger: true, projection: false });
  });

  it('holds while blocks keep coming: the last one when it was asked for is enough', async () => {
    const writes = Array.from({ length: 20 }, (_unused, index) =>
      world.post('/v1/instruments', world.registrar(), {
        code: `LAW-${index}`,
        title: { zh: '规定' },
        issuer: '上海市人民代表大会常务委员会',
        effectiveFrom: '2026-01-01T00:00:00Z',
        digest: { alg: 'sha-256', value: 'a'.repeat(64) },
      }),
    );
    for (let look = 0; look < 10; look++) expect(await readiness(deps(), 20_000)).toMatchObject({ projection: true });
    for (const answer of await Promise.all(writes)) expect(answer.status).toBe(201);
  });

  it('does not hold once the disk did not take what had to be durable', async () => {
    const checkDisk = () => {
      throw new Error('the disk failed');
    };
    const failed = { ...deps(), store: { ...deps().store, checkDisk } };
    expect(await readiness(failed)).toMatchObject({ ledger: true, store: false });
  });

  it('does not hold before the first start’s records are there', async () => {
    deps().preparation.done = false;
    const answer = await world.get('/readyz');
    deps().preparation.done = true;
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('"preparation":false');
  });
});
