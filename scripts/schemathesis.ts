/**
 * `npm run schemathesis`: Schemathesis sends what `/openapi.json` describes, and what it forbids, to a
 * server of this build on a temporary data folder, once as an agency of each role. No answer may be a
 * server error, and none may differ from the document. Ends with `N passed, N failed, N skipped`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { ROLES } from '../chaincode/roles.js';
import { startServer } from './faults/server-process.js';
import { SCHEMATHESIS_CONFIGURATION } from './schemathesis/configuration.js';

/** Nothing was tested: told apart from a pass and from a failure. */
const SKIPPED = 3;
const TOKEN = join(import.meta.dirname, 'token.js');

interface ListedAgency {
  readonly agencyId: string;
  readonly roles: readonly string[];
}

interface Options {
  readonly examples: number;
  readonly seed: number;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('give a whole number from 1.');
}

/** The program's version; undefined when it does not run. */
function versionOf(program: string): string | undefined {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function tokenFor(agencyId: string, dataDir: string): string {
  const env = { ...process.env, DATA_DIR: dataDir };
  const { status, stdout, stderr } = spawnSync(process.execPath, [TOKEN, agencyId], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`no token for ${agencyId}: ${stderr}`);
  return stdout.trim();
}

/** One agency for each set of roles that occurs, and the public, who has no token. */
async function callers(url: string, dataDir: string, roles: readonly string[]): Promise<Map<string, string | undefined>> {
  const answer = await fetch(`${url}/v1/agencies?limit=200`);
  const { items } = (await answer.json()) as { items: ListedAgency[] };
  const found = new Map<string, string | undefined>();
  if (roles.includes('public')) found.set('public', undefined);
  for (const { agencyId, roles: held } of items) {
    const name = held.join('+');
    if (!found.has(name) && held.some((role) => roles.includes(role))) found.set(name, tokenFor(agencyId, dataDir));
  }
  return found;
}

interface Run {
  readonly passed: boolean;
  readonly cases: string;
  readonly output: string;
}

function attack(program: string, url: string, token: string | undefined, folder: string, options: Options): Promise<Run> {
  const parameters = [
    ...['--config-file', join(folder, SCHEMATHESIS_CONFIGURATION.file), 'run', `${url}/openapi.json`],
    ...['--max-examples', String(options.examples), '--seed', String(options.seed)],
    ...(token === undefined ? [] : ['--header', `Authorization: Bearer ${token}`]),
  ];
  const child = spawn(program, parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      const cases = /^\s*(\d+) generated/m.exec(output)?.[1] ?? '0';
      resolve({ passed: code === 0 && cases !== '0', cases, output });
    });
  });
}

async function attackAll(program: string, roles: readonly string[], options: Options): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'schemathesis-'));
  const dataDir = join(folder, 'data');
  SCHEMATHESIS_CONFIGURATION.write(folder);
  const server = await startServer(dataDir, { RATE_LIMIT: 'off', DEMO: 'on' });
  let passed = 0;
  let failed = 0;
  try {
    for (const [name, token] of await callers(server.url, dataDir, roles)) {
      const run = await attack(program, server.url, token, folder, options);
      if (run.passed) passed += 1;
      else {
        failed += 1;
        process.stderr.write(`${run.output}\n`);
      }
      process.stdout.write(`${run.passed ? 'passed' : 'FAILED'} ${name}: ${run.cases} requests\n`);
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${passed} passed, ${failed} failed, 0 skipped\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function run(roles: readonly string[], options: Options): Promise<void> {
  const known = ['public', ...ROLES];
  const wanted = roles.length > 0 ? roles : known;
  const unknown = wanted.filter((role) => !known.includes(role));
  if (unknown.length > 0) {
    process.stderr.write(`no role ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const program = process.env.SCHEMATHESIS ?? 'schemathesis';
  const version = versionOf(program);
  if (version === undefined) {
    process.stderr.write(
      `${program} does not run. Install it once: python3 -m venv /tmp/schemathesis && /tmp/schemathesis/bin/pip install schemathesis\n` +
        'then: SCHEMATHESIS=/tmp/schemathesis/bin/schemathesis npm run schemathesis\n',
    );
    process.stdout.write(`0 passed, 0 failed, ${wanted.length} skipped\n`);
    process.exitCode = SKIPPED;
    return;
  }
  process.stderr.write(`${version}, seed ${options.seed}\n`);
  process.exitCode = await attackAll(program, wanted, options);
}

await new Command('schemathesis')
  .description('sends generated requests to a server of this build and compares its answers with /openapi.json')
  .argument('[role...]', `as agencies with which roles: public, ${ROLES.join(', ')}; all without a name`)
  .option('--examples <n>', 'generated requests for each operation, besides those that cover every limit', positive, 20)
  .option('--seed <n>', 'the same seed sends the same requests', positive, 1)
  .action(run)
  .parseAsync();
