/** The commands as a newcomer runs them: compiled, each in a process of its own, in a folder of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, vi } from 'vitest';
import { agency, DEMO_AGENCIES } from '../../scripts/demo/agencies.js';
import { DATA_SETS, SERVICE_ITEMS } from '../../scripts/demo/catalogue/entries.js';

export const ROOT = join(import.meta.dirname, '../..');
const DIST = join(ROOT, 'dist/scripts');
// The compiled module: it starts the compiled server beside itself.
const compiled = (await import(
  join(DIST, 'faults/server-process.js')
)) as typeof import('../../scripts/faults/server-process.js');
export const { freePort } = compiled;

/** Patience for a machine that does other things too; nothing here is about how long it takes. */
export const PATIENCE = 240_000;
export const startServer = (dataDir: string, environment = {}) => compiled.startServer(dataDir, environment, PATIENCE);

const folders: string[] = [];
export function freshFolder(): string {
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

export async function all(url: string, path: string, token?: string): Promise<Record<string, unknown>[]> {
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

export async function verify(url: string, bytes: Buffer, asOf?: string) {
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

type Environment = Readonly<Record<string, string>>;

export function commandIn(environment: Environment, name: string, dataDir: string, port: number, ...args: string[]) {
  const own = { DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', TMPDIR: dataDir };
  const env = { ...process.env, ...own, ...environment };
  return spawnSync(process.execPath, [join(DIST, `${name}.js`), ...args], { encoding: 'utf8', env, cwd: ROOT });
}

export function command(name: string, dataDir: string, port: number, ...args: string[]) {
  return commandIn({}, name, dataDir, port, ...args);
}

export function tokenOf(dataDir: string, port: number, agencyId: string): string {
  const { status, stdout, stderr } = command('token', dataDir, port, agencyId);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trim();
}

interface Ledger {
  readonly height: number;
  readonly provinces: readonly object[];
}

export async function height(url: string): Promise<number> {
  return ((await (await fetch(`${url}/v1/ledger`)).json()) as Ledger).height;
}

/** Waits until every province's peer has as many blocks as the own one: one that had to leave a silent orderer takes half a minute. */
export async function allCaughtUp(url: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { height, provinces } = (await (await fetch(`${url}/v1/ledger`)).json()) as Ledger;
      expect(provinces).toHaveLength(4);
      for (const province of provinces) expect(province).toMatchObject({ reachable: true, height });
    },
    { timeout: PATIENCE, interval: 500 },
  );
}

/** Starts a first start and kills it without warning once it has printed some text. */
export async function killedFirstStart(dataDir: string, atText: string, environment: Environment = {}): Promise<void> {
  const own = { DATA_DIR: dataDir, PORT: String(await freePort()), HOST: '127.0.0.1', LOG_LEVEL: 'warn' };
  const env = { ...process.env, ...own, ...environment };
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
export async function expectDemonstration(url: string, dataDir: string, port: number): Promise<void> {
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
