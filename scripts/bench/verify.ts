/** Online verify by digest against an echo of the same body through the same parser, A-B-B-A. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { digestOf } from './certificate-body.js';
import { type BenchLine, median, rounded } from './line.js';
import { jsonRequest, load, percentile } from './load.js';
import { issueRequests, openSession, type Session } from './session.js';

const CONNECTIONS = 64;
const CERTIFICATES = 1000;
const REQUESTS = 20_000;
const FIRST_LOOKS = 9;

async function startEcho(): Promise<{ port: number; end: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'echo-server.js')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const end = async () => {
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  return { port: Number(line.toString()), end };
}

async function verifyRequests(session: Session): Promise<string[]> {
  const { requests, serials } = issueRequests(session, CERTIFICATES);
  const issued = await load({ port: session.server.port, connections: CONNECTIONS, requests, count: CERTIFICATES });
  if (issued.statuses['201'] !== CERTIFICATES) throw new Error(`not all were issued: ${JSON.stringify(issued.statuses)}`);
  return serials.map((serial) => jsonRequest('/v1/verify', { digest: { alg: 'sha-256', value: digestOf(serial) } }));
}

/** Each digest once after a new block, so that none is answered from memory. */
async function firstLooks(session: Session, requests: readonly string[]): Promise<number> {
  const rates = [];
  for (let round = 0; round < FIRST_LOOKS; round += 1) {
    const { requests: write } = issueRequests(session, 1);
    await load({ port: session.server.port, connections: 1, requests: write, count: 1 });
    const { seconds } = await load({
      port: session.server.port,
      connections: CONNECTIONS,
      requests,
      count: requests.length,
      awake: true,
    });
    rates.push(requests.length / seconds);
  }
  return median(rates);
}

export async function verify(): Promise<BenchLine> {
  const session = await openSession();
  const echo = await startEcho();
  const rates = { A: [] as number[], B: [] as number[] };
  const latencies: number[] = [];
  let firstLooksPerSecond = Number.NaN;
  try {
    const requests = await verifyRequests(session);
    const run = async (step: 'A' | 'B', count: number) => {
      const port = step === 'A' ? echo.port : session.server.port;
      const result = await load({ port, connections: CONNECTIONS, requests, count, awake: true });
      if (result.statuses['200'] !== count) throw new Error(`not all were answered: ${JSON.stringify(result.statuses)}`);
      return result;
    };
    await run('A', 2000);
    await run('B', 2000);
    for (const step of ['A', 'B', 'B', 'A'] as const) {
      const result = await run(step, REQUESTS);
      rates[step].push(REQUESTS / result.seconds);
      if (step === 'B') latencies.push(...result.latencies);
    }
    firstLooksPerSecond = await firstLooks(session, requests);
  } finally {
    await echo.end();
    await session.end();
  }
  latencies.sort((a, b) => a - b);
  return {
    bench: 'verify',
    ratio: rounded(median(rates.B) / median(rates.A)),
    against: 'an echo of the same body through the same parser',
    atLeast: 0.5,
    figures: {
      connections: CONNECTIONS,
      verifiesPerSecond: rounded(median(rates.B)),
      echoesPerSecond: rounded(median(rates.A)),
      firstLooksPerSecond: rounded(firstLooksPerSecond),
      p50Ms: rounded(percentile(latencies, 0.5)),
      p99Ms: rounded(percentile(latencies, 0.99)),
    },
  };
}
