/** `npm run bench -- [name…]`: benchmarks, a JSON line each; the ratios are what counts, absolute figures are this machine's. */
import { Command } from 'commander';
import { anchors } from './bench/anchors.js';
import { audit } from './bench/audit.js';
import { fabric } from './bench/fabric.js';
import { history } from './bench/history.js';
import { type BenchLine, holds } from './bench/line.js';
import { merkle } from './bench/merkle.js';
import { multipart } from './bench/multipart.js';
import { receipts } from './bench/receipts.js';
import { verify } from './bench/verify.js';
import { writes } from './bench/writes.js';

interface Options {
  readonly large?: true;
}

/** One line, several, or one after another from a run of many minutes. */
type Lines = Promise<BenchLine | readonly BenchLine[]> | AsyncIterable<BenchLine>;

const BENCHES: Readonly<Record<string, (options: Options) => Lines>> = {
  writes,
  verify,
  multipart,
  audit,
  anchors,
  merkle,
  receipts,
  history: ({ large }) => history(large ? 1_000_000 : 100_000),
  fabric,
};

async function* each(lines: Lines): AsyncIterable<BenchLine> {
  if (Symbol.asyncIterator in lines) yield* lines;
  else yield* [await lines].flat();
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const unknown = names.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    process.stderr.write(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
    process.exitCode = 2;
    return;
  }
  for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
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
  .argument('[name...]', `which: ${Object.keys(BENCHES).join(', ')}; all without a name`)
  .option('--large', 'history up to 1,000,000 records')
  .action(run)
  .parseAsync();
