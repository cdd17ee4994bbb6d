/** What is measured on a network of four provinces, each name on one network and in one run. */
import { locate, PROGRAMS } from '../../network/operation/programs.js';
import { anchorsOnNetwork } from './fabric/anchors.js';
import { batch } from './fabric/batch.js';
import { type BenchNetwork, openBenchNetwork } from './fabric/bench-network.js';
import { clients } from './fabric/clients.js';
import { leaderKilled, oneDown } from './fabric/one-down.js';
import { overHttp } from './fabric/over-http.js';
import type { BenchLine } from './line.js';

type Part = (network: BenchNetwork) => AsyncIterable<BenchLine> | Promise<BenchLine | readonly BenchLine[]>;
type Parts = Readonly<Record<string, Part>>;

async function* linesOf(told: ReturnType<Part>): AsyncIterable<BenchLine> {
  if (Symbol.asyncIterator in told) yield* told;
  else yield* [await told].flat();
}

/** Gives each line as soon as it is known; nothing where Fabric's programs are missing. */
async function* onNetwork(parts: Parts): AsyncIterable<BenchLine> {
  const missing = PROGRAMS.filter((name) => locate(name) === undefined);
  if (missing.length > 0) {
    process.stderr.write(`  skipped: Fabric's ${missing.join(', ')} not found; set FABRIC_BIN to their folder\n`);
    return;
  }
  const network = await openBenchNetwork();
  try {
    for (const [name, part] of Object.entries(parts)) {
      process.stderr.write(`  ${name} …\n`);
      yield* linesOf(part(network));
    }
  } finally {
    await network.end();
  }
}

/** Those that break the network come last. */
const PARTS: Parts = { clients, http: overHttp, 'one-down': oneDown, 'leader-killed': leaderKilled, batch };

export function fabric(): AsyncIterable<BenchLine> {
  return onNetwork(PARTS);
}

/** Each part by itself, on a network of its own. */
export const fabricParts: Readonly<Record<string, () => AsyncIterable<BenchLine>>> = Object.fromEntries(
  Object.entries(PARTS).map(([name, part]) => [`fabric-${name}`, () => onNetwork({ [name]: part })]),
);

export function fabricAnchors(): AsyncIterable<BenchLine> {
  return onNetwork({ anchors: anchorsOnNetwork });
}
