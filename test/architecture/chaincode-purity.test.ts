import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIOME = resolve('node_modules/@biomejs/biome/bin/biome');
const RULE = 'test/architecture/chaincode-purity.grit';

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string; readonly start?: { readonly line: number } };
}

function lint(folder: string, path: string): Diagnostic[] {
  const run = spawnSync(process.execPath, [BIOME, 'lint', '--reporter=json', '--max-diagnostics=1000', path], {
    cwd: folder,
    encoding: 'utf8',
  });
  return JSON.parse(run.stdout.slice(run.stdout.indexOf('{'))).diagnostics;
}

/** One statement a line; every one lets something into a contract that differs between peers, or is no plain key of the ledger. */
const FORBIDDEN = [
  "import { readFileSync } from 'node:fs';",
  "import { hostname } from 'node:os';",
  "import { randomBytes } from 'node:crypto';",
  "import { webcrypto } from 'node:crypto';",
  'export const now = Date.now();',
  'export const clock = Date.now;',
  'export const today = new Date();',
  'export const bare = new Date;',
  'export const spoken = Date();',
  'export const local = new Date(2026, 10, 2);',
  'export const hour = new Date(5).getHours();',
  'export const zone = new Date(5).getTimezoneOffset();',
  'export const since = performance.now();',
  'setTimeout(() => undefined, 1);',
  'export const drawn = Math.random();',
  'export const generator = Math.random;',
  'export const root = Math.log2(500);',
  'export const wave = Math.sin(1);',
  'export const id = crypto.randomUUID();',
  "export const order = 'a'.localeCompare('b');",
  'export const number = (1).toLocaleString();',
  "export const upper = 'i'.toLocaleUpperCase();",
  "export const form = 'x'.normalize('NFC');",
  'export const format = new Intl.NumberFormat();',
  'export const home = process.env.HOME;',
  'export const everything = globalThis;',
  "export const page = fetch('https://example.org');",
  "export const module = import('node:fs');",
  'export const weak = new WeakRef({});',
  "export const range = stub.getStateByRange('case~', 'case~~');",
  "export const page = ctx.stub.getStateByRangeWithPagination('a', 'b', 10);",
  "export const partial = stub.getStateByPartialCompositeKey('case', []);",
  "export const rich = this.#stub.getQueryResult('{}');",
  "export const history = stub.getHistoryForKey('case~31-case-1');",
  "await stub.deleteState('case~31-case-1');",
  "await stub.setStateValidationParameter('case~31-case-1', policy);",
  "export const policy = stub.getStateValidationParameter('case~31-case-1');",
  "export const secret = stub.getPrivateData('secrets', 'case~31-case-1');",
  "export const digest = stub.getPrivateDataHash('secrets', 'case~31-case-1');",
  "await stub.putPrivateData('secrets', 'case~31-case-1', value);",
  'export const transient = stub.getTransient();',
  "export const other = stub.invokeChaincode('qscc', [], 'delta');",
];

const ALLOWED = [
  "import { hash, X509Certificate } from 'node:crypto';",
  'export const certificate = X509Certificate;',
  'export const read = new Date(5).toISOString();',
  "export const parsed = Date.parse('2026-11-02T00:00:00Z');",
  'export const half = Math.floor(3 / 2);',
  'export const last = Math.min(1, 2);',
  "export const sorted = ['b', 'a'].sort((left, right) => (left < right ? -1 : 1));",
  "export const value = stub.getState('case~31-case-1');",
  "await stub.putState('case~31-case-1', value);",
];

describe('what differs between peers stays out of the contracts', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'purity-'));
    const { vcs: _, ...config } = JSON.parse(readFileSync('biome.json', 'utf8'));
    writeFileSync(join(folder, 'biome.json'), JSON.stringify(config));
    mkdirSync(join(folder, 'test/architecture'), { recursive: true });
    copyFileSync(RULE, join(folder, RULE));
    for (const place of ['chaincode/contracts', 'api']) {
      mkdirSync(join(folder, place), { recursive: true });
      writeFileSync(join(folder, place, 'forbidden.ts'), FORBIDDEN.join('\n'));
      writeFileSync(join(folder, place, 'allowed.ts'), ALLOWED.join('\n'));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const impure = (root: string, path: string) =>
    lint(root, path).filter(({ category }) => /^(?:plugin|lint\/style\/noRestricted)/.test(category));
  const foundLines = (path: string) => new Set(impure(folder, path).map(({ location }) => location.start?.line));

  it('the lint rule finds each of the ways to clock, randomness, locale, environment, and past single keys', () => {
    const found = foundLines('chaincode/contracts/forbidden.ts');
    expect(FORBIDDEN.filter((_, index) => !found.has(index + 1))).toEqual([]);
  });

  it('the lint rule lets pass what is the same everywhere', () => {
    const found = foundLines('chaincode/contracts/allowed.ts');
    expect(ALLOWED.filter((_, index) => found.has(index + 1))).toEqual([]);
  });

  it('the rule is for contracts only', () => {
    expect(foundLines('api/forbidden.ts')).toEqual(new Set());
  });

  it('the contracts keep it, without exception', () => {
    expect(impure(resolve('.'), 'chaincode')).toEqual([]);
    const excused = spawnSync('grep', ['-rlE', 'biome-ignore.*(plugin|noRestricted)', 'chaincode'], { encoding: 'utf8' });
    // grep's 1 is "none found"; 2 would be that it could not look
    expect([excused.status, excused.stdout]).toEqual([1, '']);
  });
});
