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

/** Links that break while writers write, and are mended. */
async function broken(drill: Drill, provinces: readonly number[], fault: LinkFault): Promise<void> {
  const { detours, proxies } = await proxied(drill, provinces);
  const client = await drill.open({ detours });
  const workload = await drill.work(client);
  for (const proxy of proxies) proxy.set(fault);
  await pause(FAULT_MS);
  for (const proxy of proxies) proxy.set({});
  drill.recovered(await drill.recovery(client));
  await workload.stop();
  drill.timely(workload.told);
  await client.resolve(60_000);
  drill.figures.push(`seed ${SEED}, ${proxies.reduce((sum, proxy) => sum + proxy.counts().cut, 0)} connections cut`);
}

const ALL = PROVINCES.map((_, index) => index);

export const LINK_FAULTS: Readonly<Record<string, FabricFault>> = {
  'slow-links': {
    what: 'three provinces answer 2 s late',
    run: (drill) => broken(drill, [1, 2, 3], { delay: 1000 }),
  },
  'lost-connections': {
    what: 'connections to all provinces are lost again and again',
    run: (drill) => broken(drill, ALL, { cut: 0.03, delay: 50 }),
  },
  'black-hole': {
    what: 'two provinces take connections and swallow everything',
    run: (drill) => broken(drill, [0, 1], { blackHole: true }),
  },
  'cut-messages': { what: 'connections break in the middle of messages', run: (drill) => broken(drill, ALL, { bytes: 9000 }) },
};
