/** `npm run bench -- [name…]`: benchmarks, a JSON line each; the ratios are what counts, absolute figures are this machine's. */
import { Command } from 'commander';
import { anchors } from './bench/anchors.js';
import { audit } from './bench/audit.js';
import { auditExport } from './bench/export.js';
import { fabric, fabricAnchors, fabricParts } from './bench/fabric.js';
import { history } from './bench/history.js';
import { type BenchLine, holds } from './bench/line.js';
import { list } from './bench/list.js';
import { merkle } from './bench/merkle.js';
import { multipart } from './bench/multipart.js';
import { receipts } from './bench/receipts.js';
import { startUp } from './bench/start.js';
import { trace } from './bench/trace.js';
import { underRoot } from './bench/under-root.js';
import { verify } from './bench/verify.js';
import { writes } from './bench/writes.js';

interface Options {
  readonly large?: true;
}

/** One line, several, or one after another from a run of many minutes. */
type Lines = Promise<BenchLine | readonly BenchLine[]> | AsyncIterable<BenchLine>;

const BENCHES: Readonly<Record<string, (options: Options) => Lines>> = {
  start: startUp,
  writes,
  verify,
  multipart,
  audit,
  anchors,
  merkle,
  receipts,
  'under-root': underRoot,
  export: auditExport,
  list,
  trace: ({ large }) => trace(large ? 1_000_000 : 100_000),
  history: ({ large }) => history(large ? 1_000_000 : 100_000),
  fabric,
  ...fabricParts,
  'fabric-anchors': fabricAnchors,
};

/** Several under one name. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  proof: ['merkle', 'receipts', 'under-root', 'anchors', 'audit', 'trace', 'export', 'list', 'fabric-anchors'],
};

const NAMES = [...Object.keys(BENCHES), ...Object.keys(GROUPS)].join(', ');

async function* each(lines: Lines): AsyncIterable<BenchLine> {
  if (Symbol.asyncIterator in lines) yield* lines;
  else yield* [await lines].flat();
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const asked = names.flatMap((name) => GROUPS[name] ?? [name]);
  const unknown = asked.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    process.stderr.write(`no benchmark ${unknown.join(', ')}; there are ${NAMES}\n`);
    process.exitCode = 2;
    return;
  }
  for (const name of asked.length > 0 ? asked : Object.keys(BENCHES)) {
    process.stderr.write(`${name} …\n`);
    const bench = BENCHES[name] as (options: Options) => Lines;
    for await (const line of each(bench(options))) {
      process.stdout.write(`${JSON.stringify({ ...line, holds: holds(line) })}\n`);
      if (!holds(line)) process.exitCode = 1;
    }
  }
}

await new Command('bench')
  .description('measures this build; each ratio is taken within one run')
  .argument('[name...]', `which: ${NAMES}; all without a name`)
  .option('--large', 'history up to 1,000,000 records, traces to 1,000,000 uses')
  .action(run)
  .parseAsync();
