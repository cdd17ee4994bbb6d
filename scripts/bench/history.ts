/**
 * Is history free? Two servers side by side, one over 1,000 records and one over many, asked in turn
 * A-B-B-A for the same things; then the larger one is started again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ServerProcess, startServer } from '../faults/server-process.js';
import { buildHistory, HISTORY_CASES, historyCaseId, historySerial } from './build-history.js';
import { certificateBody, digestOf, ISSUER } from './certificate-body.js';
import { type BenchLine, median, rounded } from './line.js';
import { getRequest, jsonRequest, load, percentile } from './load.js';
import { residentMebibytes } from './memory.js';
import { tokenFor } from './session.js';

const SMALL = 1000;
const SETTINGS = { DEMO: 'off', RATE_LIMIT: 'off', LOG_LEVEL: 'error' };
const CATCH_UP_MS = 1_800_000;
const ROUNDS = ['A', 'B', 'B', 'A', 'A', 'B', 'B', 'A'] as const;
const LOADS = {
  submit: { connections: 16, count: 2000 },
  verify: { connections: 16, count: 20_000 },
  timeline: { connections: 16, count: 6000 },
};
type What = keyof typeof LOADS;

interface Side {
  readonly dataDir: string;
  readonly certificates: number;
  server: ServerProcess;
  issued: number;
}

function requestsFor(what: What, side: Side, token: string): string[] {
  const authorization = `Bearer ${token}`;
  if (what === 'submit')
    return Array.from({ length: LOADS.submit.count }, () =>
      jsonRequest('/v1/certificates', certificateBody(ISSUER, `measured-${side.issued++}`), { authorization }),
    );
  if (what === 'verify')
    return Array.from({ length: 500 }, (_, index) => {
      const serial = historySerial(Math.floor((index * side.certificates) / 500));
      return jsonRequest('/v1/verify', { digest: { alg: 'sha-256', value: digestOf(serial) } });
    });
  return Array.from({ length: HISTORY_CASES }, (_, index) =>
    getRequest(`/v1/cases/${historyCaseId(index)}/timeline`, { authorization }),
  );
}

async function p99(what: What, side: Side): Promise<number> {
  const requests = requestsFor(what, side, tokenFor(side.dataDir, ISSUER));
  const result = await load({ port: side.server.port, requests, ...LOADS[what] });
  const accepted = result.statuses[what === 'submit' ? '201' : '200'] ?? 0;
  if (accepted !== LOADS[what].count) throw new Error(`${what} was not always answered: ${JSON.stringify(result.statuses)}`);
  return percentile(result.latencies, 0.99);
}

async function openSide(records: number): Promise<Side> {
  const dataDir = mkdtempSync(join(tmpdir(), 'delta-history-'));
  const certificates = await buildHistory(dataDir, records, (line) => process.stderr.write(`${line}\n`));
  // The first start fills the tables from the blocks; what is measured is a server that has them.
  const first = await startServer(dataDir, SETTINGS, CATCH_UP_MS);
  await first.stop();
  return { dataDir, certificates, server: await startServer(dataDir, SETTINGS), issued: 0 };
}

async function compare(what: What, small: Side, large: Side, records: number): Promise<BenchLine> {
  const figures = { A: [] as number[], B: [] as number[] };
  await p99(what, small);
  await p99(what, large);
  for (const step of ROUNDS) figures[step].push(await p99(what, step === 'A' ? small : large));
  return {
    bench: `history ${what}`,
    ratio: rounded(median(figures.B) / median(figures.A)),
    against: `p99 over ${SMALL} records`,
    atMost: 1.3,
    figures: { records, p99Ms: rounded(median(figures.B)), smallP99Ms: rounded(median(figures.A)) },
  };
}

/** Seconds from the start of the process until it says it is ready. */
async function restart(side: Side): Promise<number> {
  await side.server.stop();
  const began = performance.now();
  side.server = await startServer(side.dataDir, SETTINGS);
  return (performance.now() - began) / 1000;
}

export async function history(records: number): Promise<readonly BenchLine[]> {
  const sides: Side[] = [];
  try {
    const small = await openSide(SMALL);
    sides.push(small);
    const large = await openSide(records);
    sides.push(large);
    const lines: BenchLine[] = [];
    for (const what of Object.keys(LOADS) as What[]) lines.push(await compare(what, small, large, records));
    const memory = { large: residentMebibytes(large.server, 'now'), small: residentMebibytes(small.server, 'now') };
    lines.push({
      bench: 'history memory',
      ratio: rounded(memory.large / memory.small),
      against: `resident memory over ${SMALL} records after the same requests`,
      atMost: 1.3,
      figures: { records, mebibytes: rounded(memory.large), smallMebibytes: rounded(memory.small) },
    });
    const [again, smallAgain] = [await restart(large), await restart(small)];
    lines.push({
      bench: 'history restart',
      ratio: rounded(again / 3),
      against: '3 seconds until ready',
      atMost: 1,
      figures: { records, seconds: rounded(again), smallSeconds: rounded(smallAgain) },
    });
    return lines;
  } finally {
    for (const { server, dataDir } of sides) {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}
