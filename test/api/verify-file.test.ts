import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Business, certificateOf, createBusiness, expectStatus, workerOf } from '../support/api-business.js';
import type { ApiAgency, ApiResponse } from '../support/api-world.js';

const UNKNOWN = { intact: 'unknown', anchored: 'fail', issuer: 'unknown', status: 'unknown', copy: 'unknown' };

const digestsOf = (document: Buffer) => ({
  sha256: { alg: 'sha-256', value: createHash('sha256').update(document).digest('hex') },
  sm3: { alg: 'sm3', value: createHash('sm3').update(document).digest('hex') },
});

interface Part {
  readonly name: string;
  readonly content: Buffer | string;
  readonly filename?: string;
}

const BOUNDARY = 'boundary-of-the-test';

function formOf(parts: readonly Part[]): Buffer {
  const pieces = parts.map(({ name, content, filename }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: application/pdf`;
    return Buffer.concat([
      Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`),
      Buffer.from(content),
      Buffer.from('\r\n'),
    ]);
  });
  return Buffer.concat([...pieces, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}

describe('verification of files over HTTP', () => {
  let business: Business;
  let issuer: ApiAgency;
  let serial = 0;

  beforeAll(async () => {
    business = await createBusiness();
    issuer = workerOf(business, '310000');
  });
  afterAll(() => business.world.close());

  const ask = (body: unknown): Promise<ApiResponse> => business.world.post('/v1/verify', undefined, body);
  const upload = (parts: readonly Part[], body = formOf(parts)): Promise<ApiResponse> =>
    business.world.send('POST', '/v1/verify', { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, body);
  const file = (content: Buffer): Part => ({ name: 'file', content, filename: 'licence.pdf' });

  async function issued(document = randomBytes(2000), changes: object = {}) {
    const { sha256, sm3 } = digestsOf(document);
    const body = certificateOf(issuer, `V${++serial}`, {
      digests: [
        { ...sha256, role: 'original' },
        { ...sm3, role: 'original' },
      ],
      ...changes,
    });
    expectStatus(await business.world.post('/v1/certificates', issuer, body), 201);
    return { document, sha256, sm3, id: body.certificateId, body };
  }

  describe('by file', () => {
    it('hashes what comes and gives the same answer as for the digest', async () => {
      const { document, sha256 } = await issued(randomBytes(500_000));
      const uploaded = await upload([file(document)]);
      const asked = await ask({ digest: sha256 });
      expect(uploaded.status).toBe(200);
      expect({ ...uploaded.body, asOf: '' }).toEqual({ ...asked.body, asOf: '' });
    });

    it('does not know a file with one byte changed, added or taken away', async () => {
      const { document } = await issued();
      const changed = Buffer.from(document);
      changed[1000] = (changed[1000] ?? 0) ^ 1;
      for (const other of [changed, Buffer.concat([document, Buffer.from('\n')]), document.subarray(0, -1), Buffer.alloc(0)])
        expect((await upload([file(other)])).body).toMatchObject({ verdict: 'unknown', checks: UNKNOWN });
    });

    it('finds a certificate that has only an SM3 digest', async () => {
      const document = randomBytes(300);
      const { id } = await issued(document, { digests: [{ ...digestsOf(document).sm3, role: 'original' }] });
      expect((await upload([file(document)])).body).toMatchObject({ verdict: 'valid', certificate: { certificateId: id } });
    });

    it('takes the times before or after the file', async () => {
      const { document } = await issued();
      const asOf: Part = { name: 'asOf', content: '2037-01-01T00:00:00Z' };
      for (const parts of [
        [asOf, file(document)],
        [file(document), asOf],
      ])
        expect((await upload(parts)).body).toMatchObject({ verdict: 'expired', asOf: '2037-01-01T00:00:00Z' });
      expect((await upload([file(document), { name: 'knownAt', content: '2020-01-01T00:00:00Z' }])).body.verdict).toBe('unknown');
    });

    it.each([
      ['no file', () => [{ name: 'asOf', content: '2026-01-01T00:00:00Z' }]],
      ['no part', () => []],
      ['two files', (document: Buffer) => [file(document), file(document)]],
      ['a file under another name', (document: Buffer) => [{ ...file(document), name: 'upload' }]],
      ['a field for the file', () => [{ name: 'file', content: 'text' }]],
      ['an unknown field', (document: Buffer) => [file(document), { name: 'digest', content: 'x' }]],
      [
        'a time twice',
        (document: Buffer) => [
          { name: 'asOf', content: '2026-01-01T00:00:00Z' },
          { name: 'asOf', content: '2026-01-01T00:00:00Z' },
          file(document),
        ],
      ],
      ['a time that is none', (document: Buffer) => [file(document), { name: 'asOf', content: 'today' }]],
      ['a field too long', (document: Buffer) => [file(document), { name: 'asOf', content: '2'.repeat(100) }]],
      ['a name from a prototype', (document: Buffer) => [file(document), { name: '__proto__', content: 'x' }]],
    ] as const)('refuses a form with %s', async (_name, parts) => {
      const answer = await upload(parts(randomBytes(100)) as Part[]);
      expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
    });

    it('refuses a file of more than 256 MiB when that much has come, and no smaller one', async () => {
      const address = await business.world.service.app.listen({ host: '127.0.0.1', port: 0 });
      const block = Buffer.alloc(1024 * 1024);
      const send = async (blocks: number, rest = 0) => {
        async function* body() {
          yield Buffer.from('--part\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n');
          for (let index = 0; index < blocks; index++) yield block;
          yield block.subarray(0, rest);
          yield Buffer.from('\r\n--part--\r\n');
        }
        const headers = { 'content-type': 'multipart/form-data; boundary=part' };
        const stream = ReadableStream.from(body());
        const answer = await fetch(`${address}/v1/verify`, { method: 'POST', headers, body: stream, duplex: 'half' });
        return [answer.status, ((await answer.json()) as { code?: string }).code];
      };
      expect(await send(255, 1)).toEqual([200, undefined]);
      expect(await send(256, 1)).toEqual([413, 'request.too-large']);
    });

    it('refuses a form that is cut off or has no boundary', async () => {
      const whole = formOf([file(randomBytes(100))]);
      expect((await upload([], whole.subarray(0, -40))).body.code).toBe('request.invalid');
      const none = await business.world.send('POST', '/v1/verify', { 'content-type': 'multipart/form-data' }, whole);
      expect([none.status, none.body.code]).toEqual([400, 'request.invalid']);
    });
  });
});
