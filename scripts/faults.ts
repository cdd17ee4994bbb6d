/**
 * `npm run faults -- [name…]`: fault injection, longer than the runs that `npm test` makes of the same
 * tests; a line each, then `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { FABRIC_FAULTS } from './faults/fabric/faults/index.js';
import { type Counts, runFabricFaults } from './faults/fabric/run.js';

interface Fault {
  readonly file: string;
  readonly what: string;
  /** how much longer than in `npm test` */
  readonly environment: Readonly<Record<string, string>>;
}

const FAULTS: Readonly<Record<string, Fault>> = {
  'server-kills': {
    file: 'test/process/server-kills.test.ts',
    what: '50 kills of the whole server under load, every answer checked after each',
    environment: { SERVER_KILLS: '50' },
  },
  'anchor-kills': {
    file: 'test/process/anchor-kills.test.ts',
    what: '40 kills of the whole server while records are anchored, the ledger searched for each of them',
    environment: { ANCHOR_KILLS: '40' },
  },
  'ledger-kills': {
    file: 'test/ledger/kills.test.ts',
    what: '2000 kills of the ledger under load',
    environment: { KILLS: '2000' },
  },
  'system-calls': {
    file: 'test/ledger/failing-calls.test.ts',
    what: 'every system call of a commit failing once',
    environment: {},
  },
  truncation: {
    file: 'test/ledger/truncation.test.ts',
    what: 'the block log cut at every byte of its last record',
    environment: {},
  },
  'flipped-bits': {
    file: 'test/ledger/flipped-bits.test.ts',
    what: 'a flipped bit in every record of the block log',
    environment: {},
  },
  receipts: {
    file: 'test/proof/mutations.test.ts',
    what: 'a million changes of receipts, none to be accepted',
    environment: { MUTATIONS: '1000000' },
  },
  histories: {
    file: 'test/model',
    what: '10000 random histories of all agencies against the reference model',
    environment: { HISTORIES: '10000' },
  },
};

const COUNTS = /^(\d+) passed, (\d+) failed, (\d+) skipped$/m;
const ROOT = join(import.meta.dirname, '../..');

function inject(name: string, { file, what, environment }: Fault): Counts {
  process.stderr.write(`${name}: ${what} …\n`);
  const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const run = spawnSync(process.execPath, [vitest, 'run', file], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  const found = COUNTS.exec(run.stdout)?.slice(1).map(Number);
  const [passed = 0, failed = 1, skipped = 0] = found ?? [];
  const broken = run.status !== 0 && failed === 0 ? 1 : 0;
  if (failed + broken > 0) process.stderr.write(`${run.stdout}${run.stderr}\n`);
  const verdict = failed + broken > 0 ? 'FAILED' : passed === 0 ? 'skipped' : 'passed';
  process.stdout.write(`${verdict} ${name}: ${what}\n`);
  return [passed, failed + broken, skipped];
}

const FABRIC = 'fabric';

/** `fabric-leader-killed` → `leader-killed`; `fabric` → all of them. */
function fabricNames(name: string): string[] | undefined {
  if (name === FABRIC) return Object.keys(FABRIC_FAULTS);
  const own = name.startsWith(`${FABRIC}-`) ? name.slice(FABRIC.length + 1) : '';
  return own in FABRIC_FAULTS ? [own] : undefined;
}

const all = () => [...Object.keys(FAULTS), FABRIC, ...Object.keys(FABRIC_FAULTS).map((name) => `${FABRIC}-${name}`)];

async function run(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => !(name in FAULTS) && !fabricNames(name));
  if (unknown.length > 0) {
    process.stderr.write(`no fault ${unknown.join(', ')}; there are ${all().join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  const wanted = names.length > 0 ? names : [...Object.keys(FAULTS), FABRIC];
  const total: Counts = [0, 0, 0];
  const add = (counts: Counts) => {
    for (const [index, count] of counts.entries()) total[index as 0 | 1 | 2] += count;
  };
  for (const name of wanted.filter((each) => each in FAULTS)) add(inject(name, FAULTS[name] as Fault));
  const fabric = [...new Set(wanted.flatMap((name) => fabricNames(name) ?? []))];
  if (fabric.length > 0) add(await runFabricFaults(fabric));
  const [passed, failed, skipped] = total;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  if (failed > 0) process.exitCode = 1;
}

await new Command('faults')
  .description('injects faults into this build and checks what it promises')
  .argument('[name...]', `which: ${all().join(', ')}; all without a name`)
  .action(run)
  .parseAsync();
