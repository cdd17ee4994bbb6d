/**
 * Is history free? Two servers side by side, one over 1,000 records and one over many, asked in turn
 * A-B-B-A for the same things; then the larger one is started again.
 */
import { startServer } from '../faults/server-process.js';
import { buildHistory, HISTORY_CASES, historyCaseId, historySerial } from './build-history.js';
import { certificateBody, digestOf, ISSUER } from './certificate-body.js';
import { type BenchLine, rounded } from './line.js';
import { getRequest, jsonRequest, load, percentile } from './load.js';
import { residentMebibytes } from './memory.js';
import { tokenFor } from './session.js';
import { type BuiltSide, closeSides, compareP99, openSide, SERVER_SETTINGS } from './side-by-side.js';

const SMALL = 1000;
const LOADS = {
  submit: { connections: 16, count: 2000 },
  verify: { connections: 16, count: 20_000 },
  timeline: { connections: 16, count: 6000 },
};
type What = keyof typeof LOADS;

/** Over so many certificates, and how many were issued to measure it. */
type Side = BuiltSide<{ readonly certificates: number; issued: number }>;

function requestsFor(what: What, side: Side, token: string): string[] {
  const authorization = `Bearer ${token}`;
  if (what === 'submit')
    return Array.from({ length: LOADS.submit.count }, () =>
      jsonRequest('/v1/certificates', certificateBody(ISSUER, `measured-${side.built.issued++}`), { authorization }),
    );
  if (what === 'verify')
    return Array.from({ length: 500 }, (_, index) => {
      const serial = historySerial(Math.floor((index * side.built.certificates) / 500));
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

function openHistory(records: number): Promise<Side> {
  return openSide(async (dataDir) => {
    const certificates = await buildHistory(dataDir, records, (line) => process.stderr.write(`${line}\n`));
    return { certificates, issued: 0 };
  });
}

/** Seconds from the start of the process until it says it is ready. */
async function restart(side: Side): Promise<number> {
  await side.server.stop();
  const began = performance.now();
  side.server = await startServer(side.dataDir, SERVER_SETTINGS);
  return (performance.now() - began) / 1000;
}

export async function history(records: number): Promise<readonly BenchLine[]> {
  const sides: Side[] = [];
  try {
    const small = await openHistory(SMALL);
    sides.push(small);
    const large = await openHistory(records);
    sides.push(large);
    const lines: BenchLine[] = [];
    const sizes = { small: SMALL, large: records };
    for (const what of Object.keys(LOADS) as What[])
      lines.push(await compareP99({ bench: `history ${what}`, small, large, records: sizes, p99: (side) => p99(what, side) }));
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
    await closeSides(sides);
  }
}
