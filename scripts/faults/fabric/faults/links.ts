/** Slow links, lost connections, and links that swallow everything. */
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES } from '../../../../chaincode/provinces.js';
import { seeded } from '../../random.js';
import type { Detours } from '../arena.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';
import { type LinkFault, startProxy, type TcpProxy } from '../tcp-proxy.js';

const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
const FAULT_MS = 15_000;

interface Links {
  readonly detours: Detours;
  readonly proxies: readonly TcpProxy[];
}

/** A proxy before the peer and the orderer of each of these provinces. */
async function proxied(drill: Drill, provinces: readonly number[]): Promise<Links> {
  const random = seeded(SEED);
  const proxies: TcpProxy[] = [];
  const open = async (port: number) => {
    const proxy = await startProxy({ host: '127.0.0.1', port }, random);
    proxies.push(proxy);
    return proxy.port;
  };
  const detours: Record<string, { peer: number; orderer: number }> = {};
  for (const index of provinces) {
    const { province, ports } = drill.arena.member(index);
    detours[province.code] = { peer: await open(ports.peer), orderer: await open(ports.orderer) };
  }
  drill.after(async () => void (await Promise.all(proxies.map((proxy) => proxy.close()))));
  return { detours, proxies };
}

/** What it took to bring about what a drill is about. */
const MARKS = ['cut', 'delayed', 'swallowed'] as const;
type Mark = (typeof MARKS)[number];

const sum = (proxies: readonly TcpProxy[], mark: Mark) => proxies.reduce((all, proxy) => all + proxy.counts()[mark], 0);

/**
 * Links between a client and the nodes that break while writers write, and are mended.
 * @param marks what the fault must have done for the drill to say anything
 * @param slowestMs what every commit then takes at least, because it needs links that are late
 */
async function broken(
  drill: Drill,
  provinces: readonly number[],
  fault: LinkFault,
  marks: readonly Mark[],
  slowestMs = 0,
): Promise<void> {
  const { detours, proxies } = await proxied(drill, provinces);
  const client = await drill.open({ detours });
  const workload = await drill.work(client);
  for (const proxy of proxies) proxy.set(fault);
  const begun = performance.now();
  await pause(FAULT_MS);
  const during = workload.told.filter(({ begunAt }) => begunAt >= begun);
  for (const proxy of proxies) proxy.set({});
  for (const mark of marks) drill.expect(sum(proxies, mark) > 0, `nothing was ${mark}: this run shows nothing`);
  const quick = during.filter(({ kind, milliseconds }) => kind === 'ok' && milliseconds < slowestMs);
  drill.expect(quick.length === 0, `${quick.length} commits came without the links that were late`);
  drill.recovered(await drill.recovery(client));
  await workload.stop();
  drill.timely(workload.told);
  await client.resolve(60_000);
  drill.figures.push(`seed ${SEED}, ${MARKS.map((mark) => `${sum(proxies, mark)} ${mark}`).join(', ')}`);
}

const ALL = PROVINCES.map((_, index) => index);

export const LINK_FAULTS: Readonly<Record<string, FabricFault>> = {
  'slow-links': {
    what: 'three provinces answer 2 s late',
    // Two of the three must endorse, and answer each once: there and back.
    run: (drill) => broken(drill, [1, 2, 3], { delay: 1000 }, ['delayed'], 2000),
  },
  'lost-connections': {
    what: 'connections to all provinces are lost again and again',
    run: (drill) => broken(drill, ALL, { cut: 0.03, delay: 50 }, ['cut', 'delayed']),
  },
  'black-hole': {
    what: 'two provinces take connections and swallow everything',
    run: (drill) => broken(drill, [0, 1], { blackHole: true }, ['swallowed']),
  },
  'cut-messages': {
    what: 'connections break in the middle of messages',
    run: (drill) => broken(drill, ALL, { bytes: 9000 }, ['cut']),
  },
};
