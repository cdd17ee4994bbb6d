/** The adapter against the two clients that Hyperledger offers: same function, same arguments, same policy. */
import { setTimeout as pause } from 'node:timers/promises';
import { type BenchLine, rounded } from '../line.js';
import { adapterClient, type BenchNetwork } from './bench-network.js';
import { costOf, perWrite } from './cost.js';
import { compare, drive, type Side, type WriteClient } from './drive.js';
import { gatewayClient } from './gateway-client.js';
import { submitTransactionClient } from './submit-transaction-client.js';

/** Peers tell one another of themselves by gossip; before that the baselines' discovery finds too few of them. */
const DISCOVERY_MS = 40_000;
const ROUNDS = 5;
const WRITES: readonly (readonly [concurrency: number, writes: number])[] = [
  [1, 40],
  [10, 80],
  [50, 250],
  [100, 400],
];

function figuresOf(ours: Side, theirs: Side): BenchLine['figures'] {
  return {
    rounds: ROUNDS,
    writesPerSecond: rounded(ours.perSecond),
    baselinePerSecond: rounded(theirs.perSecond),
    p50Ms: rounded(ours.p50Ms),
    baselineP50Ms: rounded(theirs.p50Ms),
    p99Ms: rounded(ours.p99Ms),
    baselineP99Ms: rounded(theirs.p99Ms),
    failed: ours.failed,
    baselineFailed: theirs.failed,
  };
}

async function* againstGateway(network: BenchNetwork, ours: WriteClient): AsyncIterable<BenchLine> {
  const theirs = gatewayClient(network.agency);
  try {
    await drive(theirs, 10, 30);
    for (const [concurrency, writes] of WRITES) {
      const run = (client: WriteClient) => () => drive(client, concurrency, writes);
      const { a, b } = await compare(run(ours), run(theirs), ROUNDS);
      const against = `fabric-gateway at ${concurrency} at once`;
      const name = `fabric-gateway-${concurrency}`;
      const figures = figuresOf(a, b);
      yield { bench: `${name}-rate`, ratio: rounded(a.perSecond / b.perSecond), against, atLeast: 1.1, figures };
      yield { bench: `${name}-p50`, ratio: rounded(a.p50Ms / b.p50Ms), against, atMost: 0.9, figures: {} };
    }
  } finally {
    await theirs.close();
  }
}

async function againstSubmitTransaction(network: BenchNetwork, ours: WriteClient): Promise<BenchLine> {
  const theirs = await submitTransactionClient(network.agency);
  try {
    const { a, b } = await compare(
      () => drive(ours, 10, 80),
      () => drive(theirs, 10, 20),
      ROUNDS,
    );
    const against = "fabric-network's submitTransaction at 10 at once";
    return {
      bench: 'fabric-submit-transaction',
      ratio: rounded(a.perSecond / b.perSecond),
      against,
      atLeast: 10,
      figures: figuresOf(a, b),
    };
  } finally {
    await theirs.close();
  }
}

/** What a write costs everybody: no ratio, the figures are what counts. */
async function costs(network: BenchNetwork, ours: WriteClient): Promise<BenchLine> {
  const writes = 500;
  const before = costOf(network.root);
  const { perSecond } = await drive(ours, 50, writes);
  const { cpuSeconds, bytes } = perWrite(before, costOf(network.root), writes);
  const figures = {
    cpuSecondsPerWrite: rounded(cpuSeconds),
    diskBytesPerWrite: Math.round(bytes),
    writesPerSecond: rounded(perSecond),
  };
  return { bench: 'fabric-cost', ratio: 1, against: 'nothing: over all processes, four copies of every block', figures };
}

export async function* clients(network: BenchNetwork): AsyncIterable<BenchLine> {
  process.stderr.write('  waiting until discovery knows all peers\n');
  await pause(DISCOVERY_MS);
  const ours = adapterClient(network);
  await drive(ours, 10, 100);
  // Before the orderers have a hundred of the gateway's writes at once to get over: it sends each of its own to one of them.
  yield await againstSubmitTransaction(network, ours);
  yield await costs(network, ours);
  yield* againstGateway(network, ours);
}
