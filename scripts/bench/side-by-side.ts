/** Two servers of this build side by side, one over little and one over much, asked in turn for the same things. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, startServer } from '../faults/server-process.js';
import { type BenchLine, median, rounded } from './line.js';

export const SERVER_SETTINGS = { DEMO: 'off', RATE_LIMIT: 'off', LOG_LEVEL: 'error' };
const CATCH_UP_MS = 1_800_000;
const ROUNDS = ['A', 'B', 'B', 'A', 'A', 'B', 'B', 'A'] as const;

export interface Side {
  readonly dataDir: string;
  server: ServerProcess;
}

export interface BuiltSide<Built> extends Side {
  readonly built: Built;
}

/** A server over the ledger that `build` makes in a new folder. */
export async function openSide<Built>(build: (dataDir: string) => Promise<Built>): Promise<BuiltSide<Built>> {
  const dataDir = mkdtempSync(join(tmpdir(), 'delta-history-'));
  const built = await build(dataDir);
  // The first start fills the tables from the blocks; what is measured is a server that has them.
  const first = await startServer(dataDir, SERVER_SETTINGS, CATCH_UP_MS);
  await first.stop();
  return { dataDir, built, server: await startServer(dataDir, SERVER_SETTINGS) };
}

export async function closeSides(sides: readonly Side[]): Promise<void> {
  for (const { server, dataDir } of sides) {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export interface Compared<S extends Side> {
  readonly bench: string;
  readonly small: S;
  readonly large: S;
  /** how many records the two are over */
  readonly records: { readonly small: number; readonly large: number };
  /** milliseconds */
  readonly p99: (side: S) => Promise<number>;
}

/** p99 over much against p99 over little, A-B-B-A after a round each that does not count. */
export async function compareP99<S extends Side>({ bench, small, large, records, p99 }: Compared<S>): Promise<BenchLine> {
  const figures = { A: [] as number[], B: [] as number[] };
  await p99(small);
  await p99(large);
  for (const step of ROUNDS) figures[step].push(await p99(step === 'A' ? small : large));
  return {
    bench,
    ratio: rounded(median(figures.B) / median(figures.A)),
    against: `p99 over ${records.small} records`,
    atMost: 1.3,
    figures: { records: records.large, p99Ms: rounded(median(figures.B)), smallP99Ms: rounded(median(figures.A)) },
  };
}
