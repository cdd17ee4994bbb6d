/** Writes through the whole service (authentication, idempotency, vault, projection, store) against the bare adapter. */
import { type BenchLine, rounded } from '../line.js';
import { load } from '../load.js';
import { issueRequests } from '../session.js';
import { openApi } from './api.js';
import { adapterClient, type BenchNetwork } from './bench-network.js';
import { compare, type Driven, drive } from './drive.js';

const ROUNDS = 5;
const CONCURRENCY = 50;
const WRITES = 300;

export async function overHttp(network: BenchNetwork): Promise<BenchLine> {
  const session = await openApi(network);
  try {
    const http = async (): Promise<Driven> => {
      const { requests } = issueRequests(session, WRITES);
      const { seconds, statuses, latencies } = await load({
        port: session.server.port,
        connections: CONCURRENCY,
        requests,
        count: WRITES,
      });
      const written = statuses['201'] ?? 0;
      return { perSecond: written / seconds, failed: WRITES - written, latencies };
    };
    const bare = adapterClient(network);
    await http();
    const { a, b } = await compare(() => drive(bare, CONCURRENCY, WRITES), http, ROUNDS);
    return {
      bench: 'fabric-http',
      ratio: rounded(b.perSecond / a.perSecond),
      against: 'the bare adapter at 50 at once',
      atLeast: 0.85,
      figures: {
        rounds: ROUNDS,
        writesPerSecond: rounded(b.perSecond),
        adapterPerSecond: rounded(a.perSecond),
        p50Ms: rounded(b.p50Ms),
        p99Ms: rounded(b.p99Ms),
        failed: b.failed,
        adapterFailed: a.failed,
      },
    };
  } finally {
    await session.end();
  }
}
