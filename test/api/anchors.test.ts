import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash, verifyInclusion } from '../../chaincode/merkle/tree.js';
import { type ApiAgency, type ApiResponse, ApiWorld } from '../support/api-world.js';
import { canonical } from '../support/case-world.js';
import { hash, sha256 } from '../support/digests.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
let serial = 0;

function line(changes: object = {}) {
  const recordId = `r-${++serial}`;
  return { recordId, kind: 'milestone', digest: sha256(recordId), occurredAt: '2026-11-02T01:02:03Z', ...changes };
}

describe('anchoring records', () => {
  let world: ApiWorld;
  let writer: ApiAgency;
  let other: ApiAgency;
  let auditor: ApiAgency;
  beforeAll(async () => {
    world = await ApiWorld.create();
    writer = await world.agency('310000', ['application']);
    other = await world.agency('310000', ['case-handler']);
    auditor = await world.agency('340000', ['auditor'], 'auditor');
  });
  afterAll(() => world.close());

  const bearer = (agency: ApiAgency) => ({ authorization: `Bearer ${agency.token}` });
  const stream = (text: string, agency = writer, query = '?wait=true', headers: Readonly<Record<string, string>> = {}) =>
    world.send('POST', `/v1/anchors${query}`, { ...NDJSON, ...bearer(agency), ...headers }, text);
  const lines = (...all: readonly object[]) => all.map((one) => JSON.stringify(one)).join('\n');
  const read = (recordId: string, agency = writer, query = '') => world.get(`/v1/anchors/${recordId}${query}`, agency);

  /** Fails unless the proof is one of this very record, by the rules of the format. */
  async function expectProven(answer: ApiResponse, agency: ApiAgency, sent: object) {
    expect(answer.status, answer.text).toBe(200);
    const { format, record, leaf, index, size, path, root, batchId, transaction } = answer.body;
    expect([format, record]).toEqual(['yrd-anchor/1', { agency: agency.agencyId, ...sent }]);
    expect(leaf).toBe(leafHash(canonical(record)));
    expect(verifyInclusion({ leafHash: leaf, index, size, path, root })).toBe(true);
    const known = await world.get(`/v1/transactions/${transaction.id}`, agency);
    expect(known.body).toMatchObject({ status: 'valid', time: transaction.time });
    expect(batchId).toBe(transaction.id);
    return { index, size, root, batchId };
  }

  it('takes NDJSON and proves each record', async () => {
    const all = [line(), line({ digest: { alg: 'sm3', value: hash('sm3') } }), line({ caseId: '31-case-1' })];
    const answer = await stream(`${lines(...all)}\n`);
    expect([answer.status, answer.body]).toEqual([202, { accepted: 3, rejected: [] }]);
    const places = [];
    for (const sent of all) places.push(await expectProven(await read(sent.recordId), writer, sent));
    expect(places.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(places.map(({ batchId }) => batchId)).size).toBe(1);
  });

  it('takes a JSON array, white space and all', async () => {
    const all = [line(), line({ kind: 'a.b' })];
    const text = ` [\n ${JSON.stringify(all[0])} ,\t${JSON.stringify(all[1])}\r\n] \n`;
    const headers = { 'content-type': 'application/json', ...bearer(writer) };
    const answer = await world.send('POST', '/v1/anchors?wait=true', headers, text);
    expect([answer.status, answer.body]).toEqual([202, { accepted: 2, rejected: [] }]);
    for (const sent of all) await expectProven(await read(sent.recordId), writer, sent);
  });

  it('takes nothing, too', async () => {
    const headers = { 'content-type': 'application/json', ...bearer(writer) };
    const empty = { accepted: 0, rejected: [] };
    expect((await world.send('POST', '/v1/anchors', headers, '[]')).body).toEqual(empty);
    expect((await stream('')).body).toEqual(empty);
  });

  it('judges each line for itself, and anchors the good ones alone', async () => {
    const good = line();
    const bad = (changes: object) => JSON.stringify(line(changes));
    const text = [
      JSON.stringify(good),
      bad({ extra: 1 }),
      '',
      '{"recordId":"r","recordId":"r"}',
      `\ufeff${JSON.stringify(line())}`,
      bad({ recordId: 'with space' }),
      bad({ recordId: 'r-13800138000' }),
      bad({ kind: 'k'.repeat(65) }),
      bad({ digest: hash('bare') }),
      bad({ digest: { ...sha256('x'), role: 'original' } }),
      bad({ digest: { alg: 'sha-256', value: hash('x').toUpperCase() } }),
      bad({ occurredAt: '2026-02-30T00:00:00Z' }),
      bad({ occurredAt: '2026-11-02T01:02:03+08:00' }),
      bad({ caseId: '31 case' }),
      JSON.stringify(line()).slice(0, -1),
      `${JSON.stringify(line())}{}`,
      `"${'x'.repeat(5000)}"`,
      'null',
      JSON.stringify(line()).replace('milestone', 'mile\\u0000stone'),
      JSON.stringify(line()),
    ].join('\n');
    const answer = await stream(text);
    expect(answer.body).toEqual({
      accepted: 2,
      rejected: [
        ...[2, 3, 4, 5].map((at) => ({ line: at, code: 'request.invalid' })),
        { line: 6, code: 'request.id-invalid' },
        { line: 7, code: 'privacy.personal-data' },
        ...[8, 9, 10, 11, 12, 13].map((at) => ({ line: at, code: 'request.invalid' })),
        { line: 14, code: 'request.id-invalid' },
        ...[15, 16, 17, 18, 19].map((at) => ({ line: at, code: 'request.invalid' })),
      ],
    });
    await expectProven(await read(good.recordId), writer, good);
  });

  it.each([
    ['a hole', (item: string) => `[${item},,${item}]`, 2],
    ['a comma at the end', (item: string) => `[${item},]`, 2],
    ['no end', (item: string) => `[${item},`, 2],
    ['an item that has no end', (item: string) => `[${item},{"recordId":"r`, 2],
    ['something after it', (item: string) => `[${item}] []`, 2],
    ['brackets in its strings and items nested in items', (item: string) => `[${item},[["]}\\"",{}],1]]`, 2],
  ])('judges the items of an array with %s', async (_what, text, rejected) => {
    const item = JSON.stringify(line());
    const headers = { 'content-type': 'application/json', ...bearer(writer) };
    const answer = await world.send('POST', '/v1/anchors', headers, text(item));
    expect(answer.status, answer.text).toBe(202);
    expect(answer.body.rejected).toEqual([{ line: rejected, code: 'request.invalid' }]);
  });

  it.each(['{}', '', ' ', 'x[', '"[]"'])('refuses %j, which is no array', async (text) => {
    const headers = { 'content-type': 'application/json', ...bearer(writer) };
    const answer = await world.send('POST', '/v1/anchors', headers, text);
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });

  it.each([
    ['text/plain', {}],
    ['application/ndjson', {}],
    ['application/x-ndjson; charset=latin1', {}],
    ['application/x-ndjson', { 'content-encoding': 'gzip' }],
  ])('refuses %s %j', async (type, more) => {
    const answer = await world.send('POST', '/v1/anchors', { 'content-type': type, ...more, ...bearer(writer) }, '{}');
    expect([answer.status, answer.body.code]).toEqual([415, 'request.media-type']);
  });

  it('takes the same record again without anchoring it twice', async () => {
    const sent = line();
    await stream(lines(sent));
    const first = (await read(sent.recordId)).body;
    expect((await stream(lines(sent, line(), sent))).body).toEqual({ accepted: 3, rejected: [] });
    expect((await read(sent.recordId)).body).toEqual(first);
  });

  it('rejects another record under an id with the proof of the first', async () => {
    const sent = line();
    await stream(lines(sent));
    const first = (await read(sent.recordId)).body;
    const again = await stream(lines(line(), { ...sent, digest: sha256('another') }, { ...sent, kind: 'other' }));
    expect(again.body).toEqual({
      accepted: 1,
      rejected: [
        { line: 2, code: 'anchor.exists', proof: first },
        { line: 3, code: 'anchor.exists', proof: first },
      ],
    });
    expect((await read(sent.recordId)).body).toEqual(first);
  });

  it('lets the first of two records under one id in one body stand', async () => {
    const sent = line();
    const answer = await stream(lines(sent, { ...sent, digest: sha256('another') }));
    expect(answer.body).toMatchObject({ accepted: 1, rejected: [{ line: 2, code: 'anchor.exists' }] });
    await expectProven(await read(sent.recordId), writer, sent);
  });

  it('knows ids as their agency’s own', async () => {
    const sent = line();
    await stream(lines(sent));
    const theirs = { ...sent, digest: sha256('theirs') };
    expect((await stream(lines(theirs), other)).body).toEqual({ accepted: 1, rejected: [] });
    await expectProven(await read(sent.recordId), writer, sent);
    await expectProven(await read(sent.recordId, other), other, theirs);
  });

  it('finds a record by its digest', async () => {
    const sent = line();
    await stream(lines(sent));
    const { value } = sent.digest;
    await expectProven(await world.get(`/v1/anchors?digest=${value}`, writer), writer, sent);
    await expectProven(await world.get(`/v1/anchors?digest=${value}&alg=sha-256`, writer), writer, sent);
    for (const [query, who] of [
      [`digest=${value}&alg=sm3`, writer],
      [`digest=${value}`, other],
      [`digest=${hash('nobody’s')}`, writer],
    ] as const) {
      const answer = await world.get(`/v1/anchors?${query}`, who);
      expect([answer.status, answer.body.code]).toEqual([404, 'anchor.not-found']);
    }
  });

  it('shows a record to its agency and to auditors, and to nobody else', async () => {
    const sent = line();
    await stream(lines(sent));
    const named = `?agency=${writer.agencyId}`;
    for (const query of ['', named]) await expectProven(await read(sent.recordId, auditor, query), writer, sent);
    await expectProven(await world.get(`/v1/anchors?digest=${sent.digest.value}`, auditor), writer, sent);
    expect((await read(sent.recordId, other)).body.code).toBe('anchor.not-found');
    expect((await read('nobody-has-it', auditor)).body.code).toBe('anchor.not-found');
    expect((await read(sent.recordId, other, named)).body).toMatchObject({ status: 403, code: 'auth.agency' });
  });

  it('is for who writes: an auditor may not, and nobody without a token', async () => {
    expect((await stream(lines(line()), auditor)).body).toMatchObject({ status: 403, code: 'auth.role' });
    const nobody = await world.send('POST', '/v1/anchors', NDJSON, lines(line()));
    expect(nobody.body).toMatchObject({ status: 401, code: 'auth.missing' });
  });

  describe('under an idempotency key', () => {
    const key = () => ({ 'idempotency-key': `anchors-key-${++serial}-0001` });

    it('gives the first answer again for the same bytes', async () => {
      const header = key();
      const text = lines(line(), { bad: true });
      const first = await stream(text, writer, '', header);
      const again = await stream(text, writer, '?wait=true', header);
      expect([again.status, again.text]).toEqual([202, first.text]);
      expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
    });

    it('refuses other bytes, and takes none of them in', async () => {
      const header = key();
      const [first, second] = [line(), line()];
      await stream(lines(first), writer, '', header);
      for (const text of [lines(second), lines(first, second), `${lines(first)}\n`]) {
        const answer = await stream(text, writer, '', header);
        expect([answer.status, answer.body.code]).toEqual([422, 'idempotency.mismatch']);
      }
      expect((await read(second.recordId)).status).toBe(404);
    });

    it('is the agency’s own, and shared with its other writes', async () => {
      const header = key();
      await stream(lines(line()), writer, '', header);
      expect((await stream(lines(line()), other, '', header)).body).toEqual({ accepted: 1, rejected: [] });
      const opened = await world.post('/v1/cases/31-no-case/milestones', other, milestone, header);
      expect([opened.status, opened.body.code]).toEqual([422, 'idempotency.mismatch']);
    });
  });

  const milestone = { name: 'received', occurredAt: '2026-11-02T01:02:03Z', digest: sha256('m') };
});
