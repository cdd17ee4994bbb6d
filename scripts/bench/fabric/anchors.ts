/** Anchored and final records against certificates with a transaction each, through one API on the network, in one run. */
import { anchor, records } from '../anchor-stream.js';
import { backlog, latency } from '../anchors.js';
import { type BenchLine, median, rounded } from '../line.js';
import { type LoadResult, load } from '../load.js';
import { issueRequests, type Session } from '../session.js';
import { openApi } from './api.js';
import type { BenchNetwork } from './bench-network.js';
import { type Cost, costOf, perWrite } from './cost.js';
import { turns } from './drive.js';

const ROUNDS = 3;
const WRITES = 300;
const WRITERS = 50;
const RECORDS = 100_000;
const STREAMS = 4;

function write(session: Session): Promise<LoadResult> {
  const { requests } = issueRequests(session, WRITES);
  return load({ port: session.server.port, connections: WRITERS, requests, count: WRITES });
}

interface Measured extends Cost {
  readonly perSecond: number;
}

/** What each of so many records took of the network and of the server, and how fast they came. */
async function measure(
  network: BenchNetwork,
  { server }: Session,
  count: number,
  work: () => Promise<unknown>,
): Promise<Measured> {
  const before = costOf(network.root, server.pid);
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  return { perSecond: count / seconds, ...perWrite(before, costOf(network.root, server.pid), count) };
}

/** A write that is refused or unknown would flatter what it is compared with. */
function single(network: BenchNetwork, session: Session): Promise<Measured> {
  return measure(network, session, WRITES, async () => {
    const { statuses } = await write(session);
    if (statuses['201'] !== WRITES) throw new Error(`not all were accepted: ${JSON.stringify(statuses)}`);
  });
}

function anchored(network: BenchNetwork, session: Session): Promise<Measured> {
  const streams = Array.from({ length: STREAMS }, () => records(RECORDS / STREAMS));
  return measure(network, session, RECORDS, () => Promise.all(streams.map((sent) => anchor(session, sent, true))));
}

export async function anchorsOnNetwork(network: BenchNetwork): Promise<readonly BenchLine[]> {
  const session = await openApi(network);
  try {
    // A network that was started a moment ago may not answer all of its first writes in time.
    await write(session);
    await anchored(network, session);
    const runs = { A: [] as Measured[], B: [] as Measured[] };
    for (const turn of turns(ROUNDS)) runs[turn].push(await (turn === 'A' ? single : anchored)(network, session));
    const waiting = await latency(session, 'fabric-anchors-latency');
    const behind = await backlog(session, 'fabric-anchors-backlog');
    const of = (measured: readonly Measured[], what: keyof Measured) => median(measured.map((each) => each[what]));
    const compared = (name: string, what: keyof Measured, against: string, atLeast: number, unit: number): BenchLine => {
      const [own, many] = [of(runs.A, what), of(runs.B, what)];
      const ratio = rounded(what === 'perSecond' ? many / own : own / many);
      const figures = { rounds: ROUNDS, anchored: rounded(many * unit), single: rounded(own * unit) };
      return { bench: name, ratio, against: `${against}, on the same network`, atLeast, figures };
    };
    return [
      compared('fabric-anchors', 'perSecond', 'records a second with a transaction each', 200, 1),
      compared('fabric-anchors-cpu', 'cpuSeconds', 'microseconds of a record of its own over all processes', 100, 1e6),
      compared('fabric-anchors-bytes', 'bytes', 'bytes on all disks of a record of its own', 80, 1),
      waiting,
      behind,
    ];
  } finally {
    await session.end();
  }
}
