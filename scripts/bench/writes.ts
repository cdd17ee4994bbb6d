/** Durable single-record POSTs over HTTP against the ceiling of one thread, A-B-B-A. */
import { ceiling } from './ceiling.js';
import { ISSUER } from './certificate-body.js';
import { type BenchLine, median, rounded } from './line.js';
import { load, percentile } from './load.js';
import { issueRequests, openSession } from './session.js';

const CONNECTIONS = 64;
const WRITES = 3000;
const CEILING_WRITES = 1000;
const WARM_UP = 1000;

export async function writes(): Promise<BenchLine> {
  const alone = await ceiling(ISSUER);
  const session = await openSession();
  const rates: number[] = [];
  const ceilings: number[] = [];
  const latencies: number[] = [];
  const overHttp = async (count: number) => {
    const { requests } = issueRequests(session, count);
    const result = await load({ port: session.server.port, connections: CONNECTIONS, requests, count });
    if (result.statuses['201'] !== count) throw new Error(`not all were accepted: ${JSON.stringify(result.statuses)}`);
    return result;
  };
  try {
    // Both have compiled their code before either is measured.
    await alone(CEILING_WRITES);
    await overHttp(WARM_UP);
    for (const step of ['A', 'B', 'B', 'A']) {
      if (step === 'A') ceilings.push(await alone(CEILING_WRITES));
      else {
        const result = await overHttp(WRITES);
        rates.push(WRITES / result.seconds);
        latencies.push(...result.latencies);
      }
    }
  } finally {
    await session.end();
  }
  latencies.sort((a, b) => a - b);
  return {
    bench: 'writes',
    ratio: rounded(median(rates) / median(ceilings)),
    against: 'one thread: dispatch and the same signatures and verifications, nothing else',
    atLeast: 0.5,
    figures: {
      connections: CONNECTIONS,
      writesPerSecond: rounded(median(rates)),
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
      ceilingPerSecond: rounded(median(ceilings)),
    },
  };
}
