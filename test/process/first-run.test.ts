import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOMAINS } from '../../chaincode/transactions/catalogue/service-item.js';
import { agency, DEMO_AGENCIES } from '../../scripts/demo/agencies.js';
import { DATA_SETS, SERVICE_ITEMS } from '../../scripts/demo/catalogue/entries.js';
import { digest, document } from '../../scripts/demo/digest.js';
import { inventedCitizenNumber, inventedCreditCode } from '../../scripts/demo/numbers.js';
import { withOneByteChanged } from '../../scripts/demo/papers.js';
import type { ServerProcess } from '../../scripts/faults/server-process.js';

const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist/scripts');
// The compiled module: it starts the compiled server beside itself.
const { freePort, startServer: startProcess } = (await import(
  join(DIST, 'faults/server-process.js')
)) as typeof import('../../scripts/faults/server-process.js');

/** Patience for a machine that does other things too; nothing here is about how long it takes. */
const PATIENCE = 240_000;
const startServer = (dataDir: string, environment = {}) => startProcess(dataDir, environment, PATIENCE);

const folders: string[] = [];
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'delta-first-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

interface Page {
  readonly items: Record<string, unknown>[];
  readonly nextCursor?: string;
}

async function all(url: string, path: string, token?: string): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let cursor = '';
  do {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}limit=200${cursor}`, { headers });
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as Page;
    items.push(...page.items);
    cursor = page.nextCursor === undefined ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== '');
  return items;
}

async function verify(url: string, bytes: Buffer, asOf?: string) {
  const form = new FormData();
  if (asOf !== undefined) form.set('asOf', asOf);
  form.set('file', new Blob([new Uint8Array(bytes)]), 'licence.pdf');
  const answer = await fetch(`${url}/v1/verify`, { method: 'POST', body: form });
  expect(answer.status).toBe(200);
  return (await answer.json()) as {
    verdict: string;
    checks: Record<string, string>;
    certificate?: { digests: { value: string }[] };
  };
}

function command(name: string, dataDir: string, port: number, ...args: string[]) {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', TMPDIR: dataDir };
  return spawnSync(process.execPath, [join(DIST, `${name}.js`), ...args], { encoding: 'utf8', env, cwd: ROOT });
}

function tokenOf(dataDir: string, port: number, agencyId: string): string {
  const { status, stdout, stderr } = command('token', dataDir, port, agencyId);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trim();
}

async function height(url: string): Promise<number> {
  return ((await (await fetch(`${url}/v1/ledger`)).json()) as { height: number }).height;
}

/** Starts a first start and kills it without warning once it has printed some text. */
async function killedFirstStart(dataDir: string, atText: string): Promise<void> {
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(await freePort()), HOST: '127.0.0.1', LOG_LEVEL: 'warn' };
  const child = spawn(process.execPath, [join(DIST, 'start.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes(atText)) child.kill('SIGKILL');
    });
    child.once('close', () => resolve(text));
  });
  expect(printed).toContain(atText);
  expect(printed).not.toContain('Ready:');
}

/** What a first start leaves, however it went. */
async function expectDemonstration(url: string, dataDir: string, port: number): Promise<void> {
  expect(await all(url, '/v1/agencies')).toHaveLength(DEMO_AGENCIES.size + 4);
  const items = await all(url, '/v1/catalogue/service-items?status=published');
  expect(items).toHaveLength(SERVICE_ITEMS.length);
  expect(items.every((item) => item.version === 1)).toBe(true);
  expect(await all(url, '/v1/catalogue/data-sets?status=published')).toHaveLength(DATA_SETS.length);
  const token = tokenOf(dataDir, port, agency('shanghai.audit').agencyId);
  const cases = await all(url, '/v1/cases', token);
  expect(cases.map(({ caseId }) => caseId).sort()).toEqual([
    '31-s1-FIRST-shop',
    '31-s3-FIRST-birth',
    '31-s3-FIRST-card',
    '31-s3-FIRST-household',
    '31-s3-FIRST-insurance',
    '31-s3-FIRST-newborn',
    '31-s5-FIRST-claim',
    '33-s2-FIRST-move',
    '33-s4-FIRST-aid',
    '34-s6-FIRST-winding-up',
  ]);
  expect(new Set(cases.map(({ status }) => status))).toEqual(new Set(['closed']));
  expect(await all(url, '/v1/grants', token)).toHaveLength(4);
}

describe('a first start', { timeout: PATIENCE }, () => {
  const dataDir = freshFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServer(dataDir);
  }, PATIENCE);
  afterAll(() => server?.kill());

  it('is ready with agencies, catalogue and scenarios', async () => {
    await expectDemonstration(server.url, dataDir, server.port);
    const items = await all(server.url, '/v1/catalogue/service-items');
    const domains = new Set(items.map((item) => (item.content as { domain: string } | undefined)?.domain ?? item.domain));
    expect(domains).toEqual(new Set([...DOMAINS.enterprise, ...DOMAINS.individual]));
  });

  it('has nobody’s number on the ledger, nor a plain hash of one', () => {
    const numbers = [
      inventedCreditCode('91', '310105', 101),
      inventedCreditCode('91', '330108', 102),
      inventedCitizenNumber('310000', '20261018', 103),
      inventedCitizenNumber('340000', '20080315', 104),
      inventedCitizenNumber('340000', '19621104', 105),
      inventedCreditCode('91', '340104', 106),
    ];
    const blocks = readFileSync(join(dataDir, 'ledger/blocks.log'), 'latin1');
    expect(blocks).toContain('31-s1-FIRST-shop');
    const traces = numbers.flatMap((number) => [number, digest(number).value, digest(number, 'sm3').value]);
    expect(traces.filter((trace) => blocks.includes(trace))).toEqual([]);
  });

  it('tells a real licence from one with a byte changed', async () => {
    const licence = document('food-licence.pdf');
    expect(await verify(server.url, licence)).toMatchObject({ verdict: 'valid', checks: { intact: 'pass', status: 'pass' } });
    expect(await verify(server.url, withOneByteChanged(licence))).toMatchObject({
      verdict: 'unknown',
      checks: { anchored: 'fail' },
    });
    expect(await verify(server.url, document('food-application.pdf'))).toMatchObject({ verdict: 'unknown' });
  });

  it('knows an annotated copy by its own bytes, until it runs out', async () => {
    const copy = document('food-licence-annotated.pdf');
    const now = await verify(server.url, copy);
    expect(now).toMatchObject({ verdict: 'valid', checks: { copy: 'pass' } });
    expect(now.certificate?.digests.map(({ value }) => value)).not.toContain(digest(copy).value);
    const later = new Date(Date.now() + 365 * 86_400_000).toISOString();
    expect(await verify(server.url, copy, later)).toMatchObject({ verdict: 'valid', checks: { copy: 'fail' } });
  });

  it('tells how things stood on another day', async () => {
    const yesterday = new Date(Date.now() - 86_400_000).toISOString();
    expect((await verify(server.url, document('food-licence.pdf'), yesterday)).verdict).toBe('not-yet-valid');
    expect((await verify(server.url, document('licence-hangzhou.pdf'), yesterday)).verdict).toBe('valid');
    expect((await verify(server.url, document('licence-hangzhou.pdf'))).verdict).toBe('superseded');
    expect((await verify(server.url, document('logistics-licence.pdf'), yesterday)).verdict).toBe('valid');
    expect((await verify(server.url, document('logistics-licence.pdf'))).verdict).toBe('revoked');
  });

  it('prints commands that work as they stand', ({ skip }) => {
    if (spawnSync('curl', ['--version']).status !== 0) skip('curl is missing');
    const printed = server
      .output()
      .split('\n')
      .filter((line) => /^ {4}curl /.test(line));
    expect(printed.length).toBeGreaterThanOrEqual(5);
    const env = { ...process.env, PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}` };
    for (const line of printed) {
      const answer = execFileSync('sh', ['-c', line.replace('curl', 'curl -fsS')], { cwd: ROOT, env, encoding: 'utf8' });
      expect(JSON.parse(answer), line).toBeTypeOf('object');
    }
  });

  it('gives tokens beside the running server, to registrars too', async () => {
    const { provinces } = (await (await fetch(`${server.url}/v1/ledger`)).json()) as { provinces: { registrar: string }[] };
    for (const id of [provinces[3]?.registrar as string, agency('zhejiang.tax').agencyId]) {
      const headers = { authorization: `Bearer ${tokenOf(dataDir, server.port, id)}` };
      expect((await fetch(`${server.url}/v1/agencies/${id}/history`, { headers })).status).toBe(200);
    }
  });

  it('gives no token to a stranger, nor to a code whose check character is wrong', () => {
    const stranger = command('token', dataDir, server.port, '11100000000013338W');
    expect(stranger).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('is not registered') });
    const wrong = command('token', dataDir, server.port, '111000000000133380');
    expect(wrong).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('no credit code') });
  });

  it('plays every scenario again under ids of its own', () => {
    const played = command('demo', dataDir, server.port);
    expect(played.stderr).toBe('');
    expect(played.status).toBe(0);
    expect(played.stdout.match(/everything it claims was checked/g)).toHaveLength(6);
  });

  it('says which scenarios there are when asked for another', () => {
    const played = command('demo', dataDir, server.port, '7');
    expect(played).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no scenario 7') });
  });

  it('is found sound by the doctor', () => {
    const { status, stdout } = command('doctor', dataDir, server.port, '--json');
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { check: string; verdict: string });
    expect(findings.filter(({ verdict }) => verdict === 'fault')).toEqual([]);
    expect(findings.find(({ check }) => check === 'lock')?.verdict).toBe('note');
    expect(status).toBe(0);
  });

  it('keeps a second server out of its data folder', async () => {
    const second = command('start', dataDir, await freePort());
    expect(second).toMatchObject({ status: 1, stderr: expect.stringContaining('refused (busy)') });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });
});

describe('starting again', { timeout: PATIENCE }, () => {
  it('after a stop writes nothing and knows everything', async () => {
    const dataDir = freshFolder();
    const first = await startServer(dataDir);
    const before = await height(first.url);
    expect(await first.stop()).toBe(0);
    const second = await startServer(dataDir);
    expect(await height(second.url)).toBe(before);
    expect((await verify(second.url, document('food-licence.pdf'))).verdict).toBe('valid');
    await second.kill();
    const third = await startServer(dataDir);
    expect(await height(third.url)).toBe(before);
    await third.kill();
  });

  it('after a first start that was killed twice goes on, and nothing happened twice', async () => {
    const dataDir = freshFolder();
    await killedFirstStart(dataDir, 'agencies registered');
    await killedFirstStart(dataDir, 'scenario 4 played');
    const server = await startServer(dataDir);
    await expectDemonstration(server.url, dataDir, server.port);
    expect((await verify(server.url, document('licence-suzhou.pdf'))).verdict).toBe('valid');
    await server.kill();
  });
});

describe('npm start', { timeout: PATIENCE }, () => {
  it('passes on the signal that stops it', async () => {
    const [port, dataDir] = [await freePort(), freshFolder()];
    const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', DEMO: 'off' };
    const child = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const printed = new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.includes('Ready:')) child.kill('SIGTERM');
      });
      // Standard output closes when the server itself has ended, not only npm.
      child.once('close', () => resolve(text));
    });
    expect(await printed).toContain('SIGTERM: stopping');
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
  });
});

describe('without the demonstration', { timeout: PATIENCE }, () => {
  it('there is genesis only, and a token for its registrars', async () => {
    const dataDir = freshFolder();
    const server = await startServer(dataDir, { DEMO: 'off' });
    const agencies = await all(server.url, '/v1/agencies');
    expect(agencies.map(({ roles }) => roles)).toEqual([['registrar'], ['registrar'], ['registrar'], ['registrar']]);
    expect(await all(server.url, '/v1/catalogue/service-items')).toEqual([]);
    expect((await verify(server.url, document('food-licence.pdf'))).verdict).toBe('unknown');
    expect(tokenOf(dataDir, server.port, agencies[0]?.agencyId as string).split('.')).toHaveLength(3);
    await server.kill();
  });

  it('the demo command says to start a server when there is none', async () => {
    const port = await freePort();
    const without = command('demo', freshFolder(), port, '1');
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('start the server first') });
  });
});
