/** Does a trace stay fast over any number of uses, the denied ones among them, and the timeline of a case that they name? */
import { AUDITOR, HISTORY_CASES, historyCaseId } from './build-history.js';
import { buildUses, historySubject, USED_CERTIFICATE, USED_DATA, USED_GRANT, USER } from './build-uses.js';
import { ISSUER } from './certificate-body.js';
import type { BenchLine } from './line.js';
import { getRequest, load, percentile } from './load.js';
import { tokenFor } from './session.js';
import { type BuiltSide, closeSides, compareP99, openSide } from './side-by-side.js';

const SMALL = 1000;
const CONNECTIONS = 16;
const COUNTS = { pages: 4000, timeline: 6000 };
type What = keyof typeof COUNTS;

/** Pages that are full over little and over much: what is compared is the way to them. */
const [PAGE, DENIED_PAGE] = [20, 10];

/** When the ledger was built. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** A trace by each of the six things: the newest page, one from the middle of the uses, and one of denied uses. */
function tracePaths({ from, to }: Span): string[] {
  const cases = Array.from({ length: HISTORY_CASES }, (_, index) => index);
  const things = [
    `grant=${USED_GRANT}`,
    `dataSet=${USED_DATA.code}`,
    `agency=${USER}`,
    `certificate=${ISSUER}-${USED_CERTIFICATE}`,
    ...cases.map((index) => `case=${historyCaseId(index)}`),
    ...cases.map((index) => `subject=${historySubject(index)}`),
  ];
  // Agencies and cases were entered in the time before the uses.
  const middle = new Date(from + (3 * (to - from)) / 4).toISOString();
  return things.flatMap((thing) => [
    `/v1/trace?${thing}&limit=${PAGE}`,
    `/v1/trace?${thing}&limit=${PAGE}&to=${middle}`,
    `/v1/trace?${thing}&limit=${DENIED_PAGE}&decision=denied`,
  ]);
}

type Traced = BuiltSide<Span>;

function openUses(uses: number): Promise<Traced> {
  return openSide(async (dataDir) => {
    const from = Date.now();
    await buildUses(dataDir, uses, (line) => process.stderr.write(`${line}\n`));
    return { from, to: Date.now() };
  });
}

async function p99(what: What, { dataDir, server, built }: Traced): Promise<number> {
  const authorization = `Bearer ${tokenFor(dataDir, AUDITOR)}`;
  const timelines = Array.from({ length: HISTORY_CASES }, (_, index) => `/v1/cases/${historyCaseId(index)}/timeline`);
  const paths = what === 'pages' ? tracePaths(built) : timelines;
  const requests = paths.map((path) => getRequest(path, { authorization }));
  const result = await load({ port: server.port, connections: CONNECTIONS, requests, count: COUNTS[what] });
  if (result.statuses['200'] !== COUNTS[what])
    throw new Error(`${what} was not always answered: ${JSON.stringify(result.statuses)}`);
  return percentile(result.latencies, 0.99);
}

export async function trace(uses: number): Promise<readonly BenchLine[]> {
  const sides: Traced[] = [];
  try {
    const small = await openUses(SMALL);
    sides.push(small);
    const large = await openUses(uses);
    sides.push(large);
    const records = { small: SMALL, large: uses };
    const lines: BenchLine[] = [];
    for (const what of Object.keys(COUNTS) as What[])
      lines.push(await compareP99({ bench: `trace ${what}`, small, large, records, p99: (side) => p99(what, side) }));
    return lines;
  } finally {
    await closeSides(sides);
  }
}
