import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diff } from '../../api/http/diff.js';
import { buildTree, leafHash } from '../../chaincode/merkle/tree.js';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import { hashJson } from '../../chaincode/runtime/argument.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

const DIGEST = { alg: 'sha-256', value: 'd'.repeat(64) };

describe('the catalogue over HTTP', () => {
  let world: ApiWorld;
  let department: ApiAgency;
  const editors: ApiAgency[] = [];
  beforeAll(async () => {
    world = await ApiWorld.create();
    for (const province of PROVINCE_CODES) editors.push(await world.agency(province, ['catalogue-editor'], 'platform'));
    department = await world.agency('320000', ['case-handler']);
  });
  afterAll(() => world.close());

  const item = (changes: object = {}) => ({
    code: 'ITEM-1',
    name: { zh: '食品经营许可', en: 'Food licence' },
    domain: 'entry',
    audience: 'enterprise',
    modes: ['standard', 'assisted'],
    departments: { 320000: [department.agencyId] },
    materials: [{ code: 'M-1', name: { zh: '申请表' }, required: true }],
    timeLimit: { workingDays: 10 },
    ...changes,
  });
  const dataSet = (changes: object = {}) => ({
    code: 'DATA-1',
    name: { zh: '低保名单' },
    providers: { 320000: department.agencyId },
    shareClass: 'conditional',
    grade: 3,
    confidentiality: 'personal',
    standard: { code: 'GB-T-1', version: 1, digest: DIGEST },
    fields: [{ name: 'level', title: { zh: '等级' }, type: 'code' }],
    updateFrequency: 'daily',
    ...changes,
  });
  const editor = () => editors[0] as ApiAgency;
  const verb = (kind: string, code: string, version: number, name: string, agency: ApiAgency, body: object = {}) =>
    world.post(`/v1/catalogue/${kind}/${code}/versions/${version}/${name}`, agency, body);
  const read = async (path: string) => (await world.get(`/v1/catalogue/${path}`)).body;

  async function vote(kind: string, code: string, version: number): Promise<void> {
    const { contentDigest } = await read(`${kind}/${code}/versions/${version}`);
    for (const province of editors)
      expect((await verb(kind, code, version, 'votes', province, { vote: 'approve', contentDigest })).status).toBe(201);
  }

  it('takes an item from draft over its consultation and four votes onto the list', async () => {
    const draft = await world.post('/v1/catalogue/service-items', editor(), item());
    expect(draft).toMatchObject({ status: 201, body: { record: { version: 1, status: 'draft' } } });
    expect(draft.headers.location).toBe('/v1/catalogue/service-items/ITEM-1/versions/1');
    const { contentDigest, content } = draft.body.record;
    expect(contentDigest).toBe(hashJson(content));
    const early = await verb('service-items', 'ITEM-1', 1, 'votes', editor(), { vote: 'approve', contentDigest });
    expect(early).toMatchObject({ status: 409, body: { code: 'catalogue.state', state: 'draft' } });
    const period = { opensAt: '2026-01-01T00:00:00Z', closesAt: '2026-02-01T00:00:00Z', noticeDigest: DIGEST };
    expect((await verb('service-items', 'ITEM-1', 1, 'consultation', editor(), period)).status).toBe(201);
    const result = { adopted: 2, notAdopted: 1, summaryDigest: DIGEST };
    expect((await verb('service-items', 'ITEM-1', 1, 'consultation/result', editor(), result)).status).toBe(201);
    const other = await verb('service-items', 'ITEM-1', 1, 'votes', editor(), { vote: 'approve', contentDigest: 'f'.repeat(64) });
    expect(other).toMatchObject({ status: 422, body: { code: 'catalogue.content' } });
    await vote('service-items', 'ITEM-1', 1);
    expect(await read('service-items/ITEM-1')).toMatchObject({ status: 'published', version: 1, latest: 1, contentDigest });
    const again = await verb('service-items', 'ITEM-1', 1, 'votes', editor(), { vote: 'approve', contentDigest });
    expect(again).toMatchObject({ status: 409 });
  });

  it('lists of each code the version that counts, and filters', async () => {
    await world.post(
      '/v1/catalogue/service-items',
      editor(),
      item({ code: 'ITEM-2', domain: 'medical', audience: 'individual' }),
    );
    await world.post('/v1/catalogue/service-items', editor(), item({ timeLimit: { workingDays: 5 } }));
    const codes = async (query: string) =>
      (await read(`service-items${query}`)).items.map(
        ({ code, version }: { code: string; version: number }) => `${code}/${version}`,
      );
    expect(await codes('')).toEqual(['ITEM-1/1', 'ITEM-2/1']);
    expect(await codes('?status=published')).toEqual(['ITEM-1/1']);
    expect(await codes('?status=draft')).toEqual(['ITEM-1/2', 'ITEM-2/1']);
    expect(await codes('?domain=medical')).toEqual(['ITEM-2/1']);
    expect(await codes('?audience=enterprise')).toEqual(['ITEM-1/1']);
    expect(await codes('?province=320000')).toEqual(['ITEM-1/1', 'ITEM-2/1']);
    expect(await codes('?province=310000')).toEqual([]);
    expect((await world.get('/v1/catalogue/service-items?domain=space')).status).toBe(400);
    expect((await world.get('/v1/catalogue/spells')).status).toBe(400);
  });

  it('tells what a version changes against the one before', async () => {
    expect(await read('service-items/ITEM-1/versions/2/diff')).toEqual({
      kind: 'service-items',
      code: 'ITEM-1',
      from: 1,
      to: 2,
      changes: [{ op: 'replace', path: '/timeLimit/workingDays', before: 10, after: 5 }],
    });
    const first = await read('service-items/ITEM-1/versions/1/diff');
    expect(first).not.toHaveProperty('from');
    expect(first.changes.every(({ op }: { op: string }) => op === 'add')).toBe(true);
    expect((await world.get('/v1/catalogue/service-items/ITEM-1/versions/9/diff')).status).toBe(404);
  });

  it('keeps the whole list after each change, with what the change did', async () => {
    await world.post('/v1/catalogue/data-sets', editor(), dataSet());
    await vote('data-sets', 'DATA-1', 1);
    expect((await verb('data-sets', 'DATA-1', 1, 'suspension', department)).status).toBe(201);
    const { items } = await read('editions');
    expect(items.map(({ number, change }: { number: number; change: { action: string } }) => [number, change.action])).toEqual([
      [1, 'publish'],
      [2, 'publish'],
      [3, 'suspend'],
    ]);
    expect(items[0]).not.toHaveProperty('entries');
    const second = await read('editions/2');
    const published = { kind: 'data-sets', code: 'DATA-1', version: 1 };
    expect(second.diff).toMatchObject({ added: [published], removed: [] });
    expect(second.entries).toHaveLength(2);
    expect(second.previousRoot).toBe((await read('editions/1')).root);
    expect((await read('editions/3')).diff).toMatchObject({ added: [], removed: [published] });
    expect((await world.get('/v1/catalogue/editions/4')).status).toBe(404);
  });

  it('shows how the list grows: what came, made way for a newer version, and left', async () => {
    for (const version of [1, 2]) {
      await world.post('/v1/catalogue/data-sets', editor(), dataSet({ code: 'DATA-3', grade: version }));
      await vote('data-sets', 'DATA-3', version);
    }
    for (const province of editors) expect((await verb('data-sets', 'DATA-3', 2, 'withdrawal', province)).status).toBe(201);
    const { items } = await read('editions');
    expect(items.map(({ entriesByKind, growth }: { entriesByKind: object; growth: object }) => [entriesByKind, growth])).toEqual(
      [
        [1, 0, 1, 0, 0],
        [1, 1, 2, 0, 0],
        [1, 0, 2, 0, 1],
        [1, 1, 3, 0, 1],
        [1, 1, 3, 1, 1],
        [1, 0, 3, 1, 2],
      ].map(([serviceItems, dataSets, added, changed, withdrawn]) => [
        { 'service-items': serviceItems, 'data-sets': dataSets, 'service-standards': 0 },
        { added, changed, withdrawn },
      ]),
    );
    const fifth = await read('editions/5');
    const [before, after] = [1, 2].map((version) => ({ kind: 'data-sets', code: 'DATA-3', version }));
    expect(fifth.diff).toMatchObject({ added: [after], removed: [before] });
    expect(fifth).toMatchObject(items[4]);
    expect(await read('editions/5')).toEqual(fifth);
    expect((await world.get('/v1/catalogue/editions?limit=4')).body.items).toEqual(items.slice(0, 4));
    expect((await world.get('/v1/catalogue/editions?limit=4')).headers.link).toContain('rel="next"');
  });

  it('sends an edition compressed to whoever takes it so', async () => {
    const ask = (encoding: string) =>
      world.service.app.inject({ url: '/v1/catalogue/editions/5', headers: { 'accept-encoding': encoding } });
    const plain = await ask('identity');
    expect([plain.headers['content-encoding'], plain.headers.vary]).toEqual([undefined, 'accept-encoding']);
    for (const encoding of ['gzip', 'br, gzip;q=0.5', '*']) {
      const packed = await ask(encoding);
      expect([packed.headers['content-encoding'], packed.headers.vary]).toEqual(['gzip', 'accept-encoding']);
      expect(gunzipSync(packed.rawPayload)).toEqual(plain.rawPayload);
    }
    for (const encoding of ['br', 'gzip;q=0', '']) expect((await ask(encoding)).rawPayload).toEqual(plain.rawPayload);
  });

  it('has in each edition a root that anybody can compute from its entries', async () => {
    const { entries, root, size } = await read('editions/4');
    const leaves = entries.map((entry: object) => leafHash(JSON.stringify(Object.fromEntries(Object.entries(entry).sort()))));
    expect(buildTree(leaves)).toMatchObject({ size, root });
  });

  it('refuses a state secret with a code of its own', async () => {
    const answer = await world.post(
      '/v1/catalogue/data-sets',
      editor(),
      dataSet({ code: 'DATA-2', confidentiality: 'state-secret' }),
    );
    expect(answer).toMatchObject({ status: 422, body: { code: 'catalogue.state-secret' } });
  });

  it('lets a responsible department publish guides, and nobody else', async () => {
    const guide = { channels: [{ kind: 'window' }], guideDigest: DIGEST, effectiveFrom: '2026-03-01T00:00:00Z' };
    const path = '/v1/catalogue/service-items/ITEM-1/guides';
    expect((await world.post(path, department, guide)).status).toBe(201);
    expect(await world.post(path, editor(), guide)).toMatchObject({ status: 403, body: { code: 'auth.agency' } });
    expect((await read('service-items/ITEM-1/guides')).items).toMatchObject([{ number: 1, agency: department.agencyId }]);
    expect((await world.get('/v1/catalogue/service-items/NONE/guides')).status).toBe(404);
  });

  it('finds nothing where there is nothing', async () => {
    for (const path of ['data-sets/NONE', 'data-sets/DATA-1/versions/7', 'service-standards/NONE/versions/1'])
      expect(await world.get(`/v1/catalogue/${path}`)).toMatchObject({ status: 404, body: { code: 'catalogue.not-found' } });
  });
});

describe('a difference', () => {
  it('names what was added, replaced and removed by JSON pointer', () => {
    const before = { a: 1, b: { c: [1, 2] }, d: 'gone', 'e/f': null };
    const after = { a: 2, b: { c: [1, 3, 4] }, 'e/f': {}, g: true };
    expect(diff(before, after)).toEqual([
      { op: 'replace', path: '/a', before: 1, after: 2 },
      { op: 'replace', path: '/b/c/1', before: 2, after: 3 },
      { op: 'add', path: '/b/c/2', after: 4 },
      { op: 'replace', path: '/e~1f', before: null, after: {} },
      { op: 'add', path: '/g', after: true },
      { op: 'remove', path: '/d', before: 'gone' },
    ]);
  });

  it('is empty for equal values, and not for a list in place of an object', () => {
    expect(diff({ a: [{ b: 1 }] }, { a: [{ b: 1 }] })).toEqual([]);
    expect(diff({ a: [] }, { a: {} })).toHaveLength(1);
  });
});
