/** Everything that is measured on a network of four provinces, on one network and in one run. */
import { locate, PROGRAMS } from '../../network/operation/programs.js';
import { batch } from './fabric/batch.js';
import { type BenchNetwork, openBenchNetwork } from './fabric/bench-network.js';
import { clients } from './fabric/clients.js';
import { leaderKilled, oneDown } from './fabric/one-down.js';
import { overHttp } from './fabric/over-http.js';
import type { BenchLine } from './line.js';

/** Those that break the network come last. */
const PARTS: Readonly<Record<string, (network: BenchNetwork) => Promise<BenchLine | readonly BenchLine[]>>> = {
  clients,
  http: overHttp,
  'one-down': oneDown,
  'leader-killed': leaderKilled,
  batch,
};

/** Gives each line as soon as it is known; nothing where Fabric's programs are missing. */
export async function* fabric(): AsyncIterable<BenchLine> {
  const missing = PROGRAMS.filter((name) => locate(name) === undefined);
  if (missing.length > 0) {
    process.stderr.write(`  skipped: Fabric's ${missing.join(', ')} not found; set FABRIC_BIN to their folder\n`);
    return;
  }
  const network = await openBenchNetwork();
  try {
    for (const [name, part] of Object.entries(PARTS)) {
      process.stderr.write(`  ${name} …\n`);
      yield* [await part(network)].flat();
    }
  } finally {
    await network.end();
  }
}
