/** Anchored and final records against certificates with a transaction each, through one API on the network, in one run. */
import { anchor, records } from '../anchor-stream.js';
import { type BenchLine, median, rounded } from '../line.js';
import { type LoadResult, load } from '../load.js';
import { issueRequests, type Session } from '../session.js';
import { openApi } from './api.js';
import type { BenchNetwork } from './bench-network.js';
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

/** A write that is refused or unknown would flatter what it is compared with. */
async function single(session: Session): Promise<number> {
  const { seconds, statuses } = await write(session);
  if (statuses['201'] !== WRITES) throw new Error(`not all were accepted: ${JSON.stringify(statuses)}`);
  return WRITES / seconds;
}

async function anchored(session: Session): Promise<number> {
  const streams = Array.from({ length: STREAMS }, () => records(RECORDS / STREAMS));
  const began = performance.now();
  await Promise.all(streams.map((sent) => anchor(session, sent, true)));
  return RECORDS / ((performance.now() - began) / 1000);
}

export async function anchorsOnNetwork(network: BenchNetwork): Promise<BenchLine> {
  const session = await openApi(network);
  try {
    // A network that was started a moment ago may not answer all of its first writes in time.
    await write(session);
    await anchored(session);
    const rates = { A: [] as number[], B: [] as number[] };
    for (const turn of turns(ROUNDS)) rates[turn].push(turn === 'A' ? await single(session) : await anchored(session));
    return {
      bench: 'fabric-anchors',
      ratio: rounded(median(rates.B) / median(rates.A)),
      against: 'records a second with a transaction each, on the same network',
      atLeast: 200,
      figures: { rounds: ROUNDS, anchored: rounded(median(rates.B)), single: rounded(median(rates.A)) },
    };
  } finally {
    await session.end();
  }
}
