import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COLUMNS } from '../../api/audit/export/csv.js';
import {
  activeGrant,
  type Business,
  certificateOf,
  createBusiness,
  expectStatus,
  openedCase,
  useOf,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

const NDJSON = '/v1/audit/export?format=ndjson';

interface Row {
  readonly number: number;
  readonly kind: string;
  readonly time: string;
  readonly block: number;
  readonly transaction: string;
  readonly key: string;
  readonly record: Record<string, unknown>;
}

/** Cells as text, quotes undone. */
function readCsv(text: string): string[][] {
  const lines = text.split('\r\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    expect(line).toMatch(/^(?:"(?:[^"]|"")*")(?:,"(?:[^"]|"")*")*$/);
    return [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell]) => (cell as string).replaceAll('""', '"'));
  });
}

describe('an export for audits', () => {
  let business: Business;
  let worker: ApiAgency;
  let grantId: string;
  let caseId: string;
  let certificateId: string;
  let batchLeaf: string;

  const get = (path: string, agency = business.auditor) => business.world.get(path, agency);
  const does = async (path: string, agency: ApiAgency, body: object = {}, status = 201) =>
    expectStatus(await business.world.post(path, agency, body), status).body;
  const store = () => business.world.service.deps.store;

  async function exported(query = ''): Promise<{ head: Record<string, unknown>; rows: Row[]; end: Record<string, unknown> }> {
    const { text } = expectStatus(await get(`${NDJSON}${query}`), 200);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    return { head: lines[0], rows: lines.slice(1, -1), end: lines.at(-1) };
  }
  const ofKind = async (kind: string) => (await exported()).rows.filter((row) => row.kind === kind);

  beforeAll(async () => {
    business = await createBusiness();
    worker = workerOf(business, '310000');
    caseId = await openedCase(business, worker);
    const milestone = { name: 'received', occurredAt: '2026-03-01T00:00:00Z', digest: sha256('m') };
    await does(`/v1/cases/${caseId}/milestones`, worker, milestone);
    grantId = await activeGrant(business, worker);
    const { useId } = (await does(`/v1/grants/${grantId}/uses`, worker, useOf(worker))).record;
    const release = { responseDigest: sha256('answer'), recordCount: 1, releasedAt: '2026-03-01T00:00:00Z' };
    await does(`/v1/uses/${useId}/release`, business.provider, release);
    await does(`/v1/grants/${grantId}/uses`, worker, useOf(worker, { fields: ['place'] }), 403);
    await does(`/v1/grants/${grantId}/suspension`, business.provider, { reason: 'review' });
    certificateId = (await does('/v1/certificates', worker, certificateOf(worker, 'EXPORTED-1'))).record.certificateId;
    batchLeaf = `${worker.agencyId}-LEAF-1`;
    await does('/v1/certificates/batch', worker, { items: [certificateOf(worker, 'LEAF-1'), certificateOf(worker, 'LEAF-2')] });
    for (const id of [certificateId, batchLeaf])
      await does(`/v1/certificates/${id}/suspension`, worker, { reasonCode: 'inspection', legalBasis: '行政许可法' });
  });
  afterAll(() => business.world.close());

  it('has a head, every fact in order and numbered, and an end that counts and hashes them', async () => {
    const answer = expectStatus(await get(NDJSON), 200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    const { head, rows, end } = await exported();
    const { height, channel } = await business.world.below.ledger.info();
    expect(head).toEqual({ format: 'yrd-audit-export/1', channel, block: height - 1 });
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    const places = rows.map(({ time, block }) => `${time} ${String(block).padStart(8, '0')}`);
    expect(places).toEqual([...places].sort());
    const before = answer.text.slice(0, answer.text.lastIndexOf('\n', answer.text.length - 2) + 1);
    expect(end).toEqual({ rows: rows.length, sha256: createHash('sha256').update(before).digest('hex') });
  });

  it('is the same, byte for byte, as long as nothing happens', async () => {
    expect((await get(NDJSON)).text).toBe((await get(NDJSON)).text);
  });

  it('tells uses, denied ones too, and releases in the bytes that are on the ledger', async () => {
    const uses = await ofKind('use');
    expect(uses.map(({ record }) => [record.decision, record.reason])).toEqual([
      ['permitted', undefined],
      ['denied', 'grant.fields'],
    ]);
    expect((await ofKind('release')).map(({ record }) => record.recordCount)).toEqual([1]);
    const { text } = await get(NDJSON);
    for (const { key } of [...uses, ...(await ofKind('release')), ...(await ofKind('entry'))]) {
      const { value } = await store().db.selectFrom('record').select('value').where('key', '=', key).executeTakeFirstOrThrow();
      expect(text).toContain(`"key":"${key}","record":${value}}\n`);
    }
  });

  it('tells entries of cases, each step of a grant by itself, and each change of a certificate', async () => {
    expect((await ofKind('entry')).map(({ key, record }) => [key, record.type])).toEqual([
      [`entry~${caseId}~00000001`, 'opening'],
      [`entry~${caseId}~00000002`, 'milestone'],
    ]);
    const grants = await ofKind('grant');
    expect(grants.map(({ record }) => record.step)).toEqual([undefined, 'approved', 'suspended']);
    expect(grants[0]?.record).toMatchObject({ grantId, grantee: worker.agencyId, fields: ['status', 'since'] });
    expect(grants[0]?.record).toMatchObject({ status: 'requested', steps: [], recordedAt: grants[0]?.time });
    expect(grants[2]).toMatchObject({
      key: `grant~${grantId}`,
      record: { grantId, reason: 'review', agency: business.provider.agencyId },
    });
    for (const { transaction, record } of grants.slice(1)) expect(record.transaction).toBe(transaction);
    const certificates = await ofKind('certificate');
    expect(certificates.map(({ record }) => [record.certificateId, record.change])).toEqual([
      [certificateId, undefined],
      [batchLeaf, undefined],
      [batchLeaf.replace(/1$/, '2'), undefined],
      [certificateId, 'suspended'],
      [batchLeaf, 'suspended'],
    ]);
    for (const { transaction, record } of certificates) expect(record.transaction).toBe(transaction);
  });

  it('tells what a certificate was when it was issued, though it has changed since, and its copies change nothing', async () => {
    const copy = { digest: sha256('copy'), purpose: 'loan', expiresAt: '2036-01-01T00:00:00Z' };
    await does(`/v1/certificates/${batchLeaf.replace(/1$/, '2')}/copies`, worker, copy);
    const certificates = await ofKind('certificate');
    expect(certificates).toHaveLength(5);
    for (const { record, time } of certificates.slice(0, 3)) expect(record).toMatchObject({ changes: [], recordedAt: time });
  });

  it('is of the period that is asked for, the end not included', async () => {
    const { rows } = await exported();
    const from = rows[3]?.time as string;
    const to = rows.at(-2)?.time as string;
    const part = await exported(`&from=${from}&to=${to}`);
    expect(part.head).toMatchObject({ from, to });
    expect(part.rows.map(({ key, time }) => [key, time])).toEqual(
      rows.filter(({ time }) => time >= from && time < to).map(({ key, time }) => [key, time]),
    );
    expect((await exported(`&from=${to}&to=${to}`)).rows).toEqual([]);
  });

  it('has as CSV the columns that the document names, the same facts, and an end', async () => {
    const answer = expectStatus(await get('/v1/audit/export?format=csv'), 200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8; header=present');
    const lines = readCsv(answer.text);
    expect(lines[0]).toEqual(COLUMNS.map(({ name }) => name));
    const { description } = (await business.world.get('/openapi.json')).body.paths['/v1/audit/export'].get;
    for (const { name } of COLUMNS) expect(description).toContain(`\`${name}\``);
    const cells = lines.slice(1, -1).map((line) => Object.fromEntries(COLUMNS.map(({ name }, index) => [name, line[index]])));
    const { rows } = await exported();
    expect(cells.map(({ number, kind, key, record }) => [Number(number), kind, key, JSON.parse(record as string)])).toEqual(
      rows.map(({ number, kind, key, record }) => [number, kind, key, record]),
    );
    expect(cells.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        'opening',
        'milestone',
        'requested',
        'approved',
        'permitted',
        'released',
        'denied',
        'issued',
        'suspended',
      ]),
    );
    const before = answer.text.slice(0, answer.text.lastIndexOf('\r\n', answer.text.length - 3) + 2);
    const end = lines.at(-1) as string[];
    expect([end[0], end[1], end.at(-1)]).toEqual([String(rows.length), 'end', createHash('sha256').update(before).digest('hex')]);
  });

  it.each(['', '?format=xml', '?format=csv&limit=5', '?format=csv&from=now', '?format=csv&format=csv'])(
    'refuses %j',
    async (query) => {
      expect(await get(`/v1/audit/export${query}`)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    },
  );

  it('is on the log of looks before its first byte, and nothing of it is shown when it cannot be', async () => {
    await get(`${NDJSON}&from=2026-01-01T00:00:00Z`);
    const rows = await store().db.selectFrom('read_log').selectAll().orderBy('number', 'desc').limit(1).execute();
    expect(rows).toMatchObject([
      { action: 'audit.export', thing: 'ndjson 2026-01-01T00:00:00Z/', agency: business.auditor.agencyId },
    ]);
    await store().db.schema.alterTable('read_log').renameTo('read_log_away').execute();
    try {
      const answer = await get(NDJSON);
      expect([answer.status, answer.body.code]).toEqual([503, 'ledger.unavailable']);
      expect(answer.text).not.toContain('yrd-audit-export');
    } finally {
      await store().db.schema.alterTable('read_log_away').renameTo('read_log').execute();
    }
  });

  it('that breaks off midway has no end, and its connection is cut', async () => {
    const { rows } = await exported();
    await store()
      .db.deleteFrom('record')
      .where('key', '=', rows.find(({ kind }) => kind === 'use')?.key as string)
      .execute();
    await business.world.service.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = business.world.service.app.server.address() as { port: number };
    const received = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(port, '127.0.0.1');
      socket.on('data', (bytes) => (text += bytes)).on('error', () => {});
      socket.on('close', () => resolve(text));
      socket.write(`GET ${NDJSON} HTTP/1.1\r\nhost: here\r\nauthorization: Bearer ${business.auditor.token}\r\n\r\n`);
    });
    expect(received).toContain('yrd-audit-export/1');
    expect(received).not.toContain('"sha256":');
    expect(received.endsWith('0\r\n\r\n')).toBe(false);
  });
});
