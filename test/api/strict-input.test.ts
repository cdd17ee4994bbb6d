import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiWorld } from '../support/api-world.js';
import { freshAgencyId } from '../support/contract-world.js';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('what the API takes', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create();
  });
  afterAll(() => world.close());

  const auth = () => ({ authorization: `Bearer ${world.registrar().token}` });
  const instrument = (changes: object = {}) => ({
    code: `LAW-${freshAgencyId('310000').slice(8)}`,
    title: { zh: '促进长三角政务服务一网通办规定' },
    issuer: '上海市人民代表大会常务委员会',
    effectiveFrom: '2026-01-01T00:00:00Z',
    digest: { alg: 'sha-256', value: 'a'.repeat(64) },
    ...changes,
  });
  const sendText = (text: string | Buffer, headers: Record<string, string> = JSON_TYPE) =>
    world.send('POST', '/v1/instruments', { ...headers, ...auth() }, text);
  const sendJson = (changes: object) => sendText(JSON.stringify(instrument(changes)));

  it('takes a body that has every listed field in its form', async () => {
    expect((await sendJson({})).status).toBe(201);
  });

  it.each([
    ['an unknown field', { colour: 'red' }, ''],
    ['a field that the API itself sets', { recordedAt: '2026-01-01T00:00:00Z' }, ''],
    ['a number for a text', { code: 5 }, '/code'],
    ['null for a text', { issuer: null }, '/issuer'],
    ['a list for an object', { title: [{ zh: '名称' }] }, '/title'],
    ['a nested unknown field', { digest: { alg: 'sha-256', value: 'a'.repeat(64), role: 'original' } }, '/digest'],
    ['an algorithm that is not listed', { digest: { alg: 'md5', value: 'a'.repeat(64) } }, '/digest/alg'],
    ['a digest in upper case', { digest: { alg: 'sha-256', value: 'A'.repeat(64) } }, '/digest/value'],
    ['a time that is not in UTC', { effectiveFrom: '2026-01-01T08:00:00+08:00' }, '/effectiveFrom'],
    ['a day that does not exist', { effectiveFrom: '2026-02-30T00:00:00Z' }, '/effectiveFrom'],
    ['a code with a blank', { code: 'LAW 1' }, '/code'],
    ['a code of 65 characters', { code: 'x'.repeat(65) }, '/code'],
    ['a text with a bidirectional override', { issuer: 'abc\u202edef' }, '/issuer'],
    ['a text with a zero-width character', { issuer: 'abc\u200bdef' }, '/issuer'],
  ])('refuses %s and names the field', async (_what, changes, path) => {
    const answer = await sendJson(changes);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it.each([
    ['a duplicate key', '{"code":"A","code":"B"}'],
    ['a duplicate key in disguise', '{"code":"A","\\u0063ode":"B"}'],
    ['NaN', '{"code":NaN}'],
    ['a control character', '{"code":"a\u0001"}'],
    ['an escaped control character', '{"code":"a\\u0000"}'],
    ['a lone surrogate', '{"code":"\\ud800"}'],
    ['text after the object', '{} {}'],
    ['a comment', '{/* */}'],
    ['half an object', '{"code":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a number', '3'],
    ['__proto__', '{"__proto__":{"code":"A"}}'],
    ['constructor.prototype', '{"constructor":{"prototype":{}}}'],
  ])('refuses %s', async (_what, text) => {
    expect(await sendText(text)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('refuses a byte order mark', async () => {
    expect(await sendText(`\ufeff${JSON.stringify(instrument())}`)).toMatchObject({ status: 400 });
  });

  it('refuses bytes that are not UTF-8', async () => {
    expect(await sendText(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toMatchObject({ status: 400 });
  });

  it('refuses depth 17 and a depth of a hundred thousand alike', async () => {
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(await sendText(`{"code":${deep(16)}}`)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(await sendText(deep(30_000))).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('refuses what looks like personal data with a code of its own', async () => {
    const answer = await sendJson({ issuer: '张三 11010519491231002X' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'privacy.personal-data' } });
    expect(answer.body.errors).toEqual([{ path: '/issuer', message: expect.any(String) }]);
    expect(answer.text).not.toContain('11010519491231002X');
  });

  it('refuses a body over 64 KiB', async () => {
    const answer = await sendText(`{"code":"${'x'.repeat(64 * 1024)}"}`);
    expect(answer).toMatchObject({ status: 413, body: { code: 'request.too-large' } });
  });

  it.each([
    'text/plain',
    'application/xml',
    'application/json; charset=gbk',
    'application/json; charset=utf-8; boundary=x',
    'application/json\t',
    'application/jsonx',
    'application/json, text/plain',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])('refuses the content type %j', async (type) => {
    const answer = await sendText(JSON.stringify(instrument()), { 'content-type': type });
    expect(answer).toMatchObject({ status: 415, body: { code: 'request.media-type' } });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'application/json;charset=UTF-8'])(
    'takes the content type %j',
    async (type) => {
      expect((await sendText(JSON.stringify(instrument()), { 'content-type': type })).status).toBe(201);
    },
  );

  it('refuses a body without a content type, and a compressed one', async () => {
    expect(await sendText(JSON.stringify(instrument()), {})).toMatchObject({ status: 415 });
    expect(await sendText(JSON.stringify(instrument()), { ...JSON_TYPE, 'content-encoding': 'gzip' })).toMatchObject({
      status: 415,
    });
  });

  it.each([
    ['an unknown parameter', '/v1/agencies?colour=red'],
    ['a repeated parameter', '/v1/agencies?limit=1&limit=2'],
    ['a parameter on a route that takes none', '/v1/ledger?x=1'],
    ['a limit of 0', '/v1/agencies?limit=0'],
    ['a limit of 201', '/v1/agencies?limit=201'],
    ['a limit in exponents', '/v1/agencies?limit=1e1'],
    ['a limit with a sign', '/v1/agencies?limit=%2B5'],
    ['a limit with a leading zero', '/v1/agencies?limit=05'],
    ['a province that is none', '/v1/agencies?province=110000'],
    ['a cursor that is none', '/v1/agencies?cursor=abc'],
    ['a cursor of another list', `/v1/agencies?cursor=${Buffer.from('["centres","centre~x"]').toString('base64url')}`],
  ])('refuses %s in a query', async (_what, path) => {
    expect(await world.get(path)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it.each([
    ['/v1/catalogue/data-sets/x/versions/0'],
    ['/v1/catalogue/data-sets/x/versions/01'],
    ['/v1/catalogue/data-sets/x/versions/1e1'],
    ['/v1/catalogue/data-sets/x/versions/-1'],
    ['/v1/catalogue/data-sets/x/versions/99999999'],
  ])('refuses %s, whose number is not written as numbers are', async (path) => {
    expect(await world.get(path)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it.each([
    ['a wrong check character', '/v1/agencies/11310000MB0D310100'],
    ['an encoded slash', '/v1/agencies/11310000%2FMB0D31010'],
    ['a path out of the folder', '/v1/agencies/..%2f..%2fetc'],
  ])('refuses %s in a path', async (_what, path) => {
    expect(await world.get(path)).toMatchObject({ status: 400, body: { code: 'request.id-invalid' } });
  });

  it.each(['null', '[]', '""', '{"x":1}'])('refuses %s for a verb that takes nothing', async (text) => {
    const path = `/v1/centres/${freshAgencyId('310000')}/partners/${world.registrar().agencyId}/acceptance`;
    expect((await world.send('POST', path, { ...JSON_TYPE, ...auth() }, '{}')).status).toBe(404);
    const answer = await world.send('POST', path, { ...JSON_TYPE, ...auth() }, text);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it.each([
    ['an identifier of 201 characters', `/v1/cases/${'a'.repeat(201)}`, 'request.id-invalid'],
    ['an identifier of 7000 characters', `/v1/agencies/${'a'.repeat(7000)}`, 'request.id-invalid'],
    ['an address that cannot be decoded', '/v1/agencies/%zz', 'request.invalid'],
  ])('refuses %s and says so', async (_what, path, code) => {
    const answer = await world.get(path, world.registrar());
    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect(answer.body.errors).toHaveLength(1);
  });
});
