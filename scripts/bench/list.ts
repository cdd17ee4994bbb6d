/**
 * Does the published list stay cheap as it grows? Two services side by side in this process, one with 30 items
 * and one with 3,190, asked in turn A-B-B-A for pages of the list, for a version's difference to the one before,
 * and for whole editions with theirs.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openService, type Service } from '../../api/server.js';
import { readSettings } from '../../api/settings.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { type BenchLine, median, rounded } from './line.js';
import { getRequest, load, percentile } from './load.js';
import { listedCode, withPublishedList } from './published-list.js';

const SMALL = 30;
const LARGE = 3190;
const ROUNDS = ['A', 'B', 'B', 'A', 'A', 'B', 'B', 'A', 'A', 'B', 'B', 'A'] as const;
const PAGE = 20;
const CONNECTIONS = 4;
const COUNTS = { list: 2000, diff: 4000, edition: 1000, editions: 2000 };
type What = keyof typeof COUNTS;

interface Side {
  readonly items: number;
  readonly folder: string;
  readonly port: number;
  readonly pages: readonly string[];
  end(): Promise<void>;
}

async function pagesOf(service: Service): Promise<string[]> {
  const pages: string[] = [];
  for (let path: string | undefined = `/v1/catalogue/service-items?status=published&limit=${PAGE}`; path; ) {
    pages.push(path);
    const answer: Awaited<ReturnType<typeof service.app.inject>> = await service.app.inject(path);
    if (answer.statusCode !== 200) throw new Error(`${path} was answered with ${answer.statusCode}`);
    path = /^<(.+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1];
  }
  return pages;
}

async function openSide(items: number): Promise<Side> {
  const folder = mkdtempSync(join(tmpdir(), 'delta-list-'));
  const { ledger, wallet } = await openEmbedded({ folder });
  const settings = readSettings({ DATA_DIR: folder, LOG_LEVEL: 'silent', RATE_LIMIT: 'off' });
  const service = await openService(settings, { ledger: withPublishedList(ledger, items), wallet });
  await service.app.listen({ host: '127.0.0.1', port: 0 });
  const end = async () => {
    await service.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const { port } = service.app.server.address() as AddressInfo;
  return { items, folder, port, pages: await pagesOf(service), end };
}

function pathsFor(what: What, { items, pages }: Side): string[] {
  if (what === 'list') return [...pages];
  if (what === 'editions') return ['/v1/catalogue/editions?limit=20'];
  // The newest ones, which is what readers of a list ask for, and each of a full size.
  if (what === 'edition') return Array.from({ length: 4 }, (_, back) => `/v1/catalogue/editions/${20 - back}`);
  const path = (index: number) => `/v1/catalogue/service-items/${listedCode(index)}/versions/2/diff`;
  return Array.from({ length: 500 }, (_, index) => path(Math.floor((index * items) / 500)));
}

async function p99(what: What, side: Side): Promise<number> {
  const requests = pathsFor(what, side).map((path) => getRequest(path, { 'accept-encoding': 'gzip' }));
  const result = await load({ port: side.port, requests, count: COUNTS[what], connections: CONNECTIONS });
  if (result.statuses['200'] !== COUNTS[what]) throw new Error(`${what}: ${JSON.stringify(result.statuses)}`);
  return percentile(result.latencies, 0.99);
}

async function compare(what: What, small: Side, large: Side): Promise<BenchLine> {
  const figures = { A: [] as number[], B: [] as number[] };
  await p99(what, small);
  await p99(what, large);
  for (const step of ROUNDS) figures[step].push(await p99(what, step === 'A' ? small : large));
  return {
    bench: `list ${what}`,
    ratio: rounded(median(figures.B) / median(figures.A)),
    against: `p99 at ${SMALL} items`,
    atMost: 2,
    figures: { items: LARGE, p99Ms: rounded(median(figures.B)), smallP99Ms: rounded(median(figures.A)) },
  };
}

export async function list(): Promise<readonly BenchLine[]> {
  const sides: Side[] = [];
  try {
    const small = await openSide(SMALL);
    sides.push(small);
    const large = await openSide(LARGE);
    sides.push(large);
    const lines: BenchLine[] = [];
    for (const what of Object.keys(COUNTS) as What[]) lines.push(await compare(what, small, large));
    return lines;
  } finally {
    for (const side of sides) await side.end();
  }
}
