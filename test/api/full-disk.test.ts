import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiWorld } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

describe('an API whose disk is full', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create();
  });
  afterAll(() => world.close());

  const limit = (pages: number) => sql.raw(`PRAGMA max_page_count = ${pages}`).execute(world.service.deps.store.durable);

  it('says that it cannot take what has to be kept, keeps nothing half, and takes it when there is room', async () => {
    const agency = await world.agency('310000', ['application', 'case-handler']);
    const person = { type: 'citizen', number: '11010519491231002X' };
    const line = (index: number) => ({
      recordId: `r-${index}-${'x'.repeat(100)}`,
      kind: 'milestone',
      digest: sha256(String(index)),
      occurredAt: '2026-11-02T01:02:03Z',
    });
    const lines = Array.from({ length: 400 }, (_unused, index) => line(index));
    await limit(1);
    const anchored = await world.post('/v1/anchors', agency, lines);
    expect([anchored.status, anchored.body.code]).toEqual([503, 'ledger.unavailable']);
    const subjects = [];
    for (let count = 0; count < 60; count += 1) subjects.push(await world.post('/v1/subjects', agency, person));
    const refused = subjects.filter(({ status }) => status !== 201);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, body } of refused) expect([status, body.code]).toEqual([503, 'ledger.unavailable']);
    await limit(1_000_000);
    expect((await world.get('/v1/anchors/r-0', agency)).status).toBe(404);
    expect((await world.post('/v1/subjects', agency, person)).status).toBe(201);
    expect((await world.post('/v1/anchors?wait=true', agency, lines)).body).toMatchObject({ accepted: 400, rejected: [] });
  });
});
