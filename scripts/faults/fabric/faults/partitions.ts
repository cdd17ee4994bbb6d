/** Four provinces on hosts of their own (network namespaces), parted two and two, or three and one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES } from '../../../../chaincode/provinces.js';
import { DEFAULT_BASE_PORT, type Member } from '../../../../network/definition/definition.js';
import { provincePaths } from '../../../../network/definition/network-folder.js';
import type { Network } from '../../../../network/operation/commands.js';
import { openNetwork } from '../../../../network/operation/open-network.js';
import { writeProvinceFolders } from '../../../../network/operation/province-folders.js';
import { type Host, type Hosts, makeHosts } from '../../../network/namespaces.js';
import { unequalDatabases } from '../../history/database.js';
import { count, now, readHistory } from '../../history/history.js';
import { judge } from '../../history/judge.js';
import { stateHashOf, type View } from '../../history/view.js';
import { until } from '../arena.js';
import { blocksOfPeer } from '../block-file.js';
import type { Report } from '../drill.js';
import { databasesOf } from '../peer-database.js';
import { CutOffApi } from './cut-off-api.js';

const NETWORK = resolve(import.meta.dirname, '../../../network.js');
const WRITER = resolve(import.meta.dirname, '../writer-process.js');
const PARTED_MS = Number(process.env.FAULT_PARTED_SECONDS ?? 25) * 1000;
/** What was ordered before the link went down is still told after. */
const GRACE_US = 2_000_000;
const PATIENCE_MS = 180_000;

class Site {
  readonly host: Host;
  readonly folder: string;
  readonly #index: number;
  readonly history: string;
  readonly complaints: string[] = [];
  #writer: ChildProcess | undefined;

  constructor(host: Host, out: string, index: number) {
    this.host = host;
    this.folder = join(out, host.name);
    this.history = join(out, `${host.name}.history`);
    this.#index = index;
  }

  #spawn(words: readonly string[]): ChildProcess {
    const command = ['netns', 'exec', this.host.namespace, process.execPath, ...words];
    return spawn('ip', command, { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** @throws Error with what it said */
  async bring(verb: 'up' | 'down'): Promise<void> {
    const child = this.#spawn([NETWORK, verb, '--folder', this.folder]);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    const code = await new Promise((done) => child.once('close', done));
    clearTimeout(timer);
    if (code !== 0) throw new Error(`${verb} in ${this.host.name}: ${said.trim().split('\n').slice(-4).join('\n')}`);
  }

  async write(): Promise<void> {
    const { code } = PROVINCES[this.#index] as (typeof PROVINCES)[number];
    const child = this.#spawn([WRITER, join(this.folder, 'profiles', `${this.host.name}.json`), code, this.history]);
    this.#writer = child;
    let errors = '';
    child.stderr?.on('data', (chunk) => (errors += chunk));
    const ready = new Promise<void>((done, fail) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        if (line === 'ready') done();
        else this.complaints.push(`${this.host.name}: ${line}`);
      });
      child.once('close', (ended) => {
        if (ended !== 0) this.complaints.push(`the writer of ${this.host.name} ended with ${ended}: ${errors.slice(-500)}`);
        fail(new Error(`the writer of ${this.host.name} ended: ${errors.slice(-500)}`));
      });
    });
    ready.catch(() => undefined);
    await ready;
  }

  /** Lets the writer end what it began and ask for what is unknown. */
  async stop(): Promise<void> {
    const child = this.#writer;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once('close', done));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await gone;
    clearTimeout(timer);
  }

  acknowledged(from: number, to: number): number {
    return readHistory(this.history).filter(({ event, at }) => event === 'ok' && at > from && at < to).length;
  }

  /** The network of its folder, whose `peer` works on its host. */
  network(): readonly [Network, Member] {
    const network = openNetwork(this.folder);
    const peer = join(this.folder, 'peer-on-host');
    const { peer: program } = network.programs;
    writeFileSync(peer, `#!/bin/sh\nexec ip netns exec ${this.host.namespace} ${program} "$@"\n`, { mode: 0o755 });
    return [{ ...network, programs: { ...network.programs, peer } }, network.operated[0] as Member];
  }

  view(): View {
    const { slug, mspId } = PROVINCES[this.#index] as (typeof PROVINCES)[number];
    const blocks = blocksOfPeer(provincePaths(this.folder, slug).peer);
    return { mspId, blocks, stateHash: stateHashOf(blocks) };
  }
}

interface Parting {
  /** whose acknowledgements go on; the others have none while they are parted */
  readonly majority: readonly number[];
  readonly part: (hosts: Hosts) => void;
  readonly mend: (hosts: Hosts) => void;
  /** whose API is asked meanwhile, of a province that is alone */
  readonly alone?: number;
}

async function watch(
  sites: readonly Site[],
  made: Hosts,
  { majority, part, mend }: Parting,
  api: CutOffApi | undefined,
  figures: string[],
): Promise<string[]> {
  const broken: string[] = [];
  const wrote = (site: Site, from: number, to = Number.POSITIVE_INFINITY) => site.acknowledged(from, to) > 0;
  await until('every province has written', () => sites.every((site) => wrote(site, 0)), PATIENCE_MS);
  part(made);
  const parted = now() + GRACE_US;
  await pause(PARTED_MS);
  if (api) broken.push(...(await api.whileCutOff()));
  const mended = now();
  mend(made);
  for (const [index, site] of sites.entries()) {
    const during = site.acknowledged(parted, mended);
    if (majority.includes(index) && during === 0) broken.push(`${site.host.name}, of the majority, wrote nothing while parted`);
    if (!majority.includes(index) && during > 0) broken.push(`${site.host.name} was told of ${during} commits while parted`);
  }
  await until('every province writes again', () => sites.every((site) => wrote(site, mended)), PATIENCE_MS);
  figures.push(`all write again ${((now() - mended) / 1e6).toFixed(1)} s after`);
  if (api) broken.push(...(await api.afterwards()));
  return broken;
}

async function equalHeights(sites: readonly Site[]): Promise<View[]> {
  let views: View[] = [];
  await until('four peers have the same blocks', () => {
    views = sites.map((site) => site.view());
    return views.every(({ blocks }) => blocks.length > 0 && blocks.length === views[0]?.blocks.length);
  });
  return views;
}

/** A network of its own, on hosts of its own, for as long as the fault takes. */
export async function partition(parting: Parting): Promise<Report> {
  const out = mkdtempSync(join(tmpdir(), 'delta-parted-'));
  const made = makeHosts(PROVINCES.map(({ slug }) => slug));
  const sites = made.hosts.map((host, index) => new Site(host, out, index));
  const cutOff = parting.alone === undefined ? undefined : sites[parting.alone];
  const api = cutOff && new CutOffApi(cutOff.host, cutOff.folder, sites.indexOf(cutOff));
  const figures: string[] = [];
  try {
    const hosts = made.hosts.map(({ address }) => address);
    await writeProvinceFolders({ out, basePort: DEFAULT_BASE_PORT, hosts }, () => undefined);
    // A busy machine may be too slow for its patience: `up` goes on from where it was.
    const brought = await Promise.allSettled(sites.map((site) => site.bring('up').catch(() => site.bring('up'))));
    // Only when all have ended: `down` finds a folder locked in which `up` is at work.
    for (const one of brought) if (one.status === 'rejected') throw one.reason;
    await Promise.all([...sites.map((site) => site.write()), api?.start()]);
    const broken = await watch(sites, made, parting, api, figures);
    await api?.stop();
    await Promise.all(sites.map((site) => site.stop()));
    const history = sites.flatMap((site) => readHistory(site.history));
    broken.push(...judge(history, await equalHeights(sites)), ...sites.flatMap(({ complaints }) => complaints));
    broken.push(...unequalDatabases(await databasesOf(sites.map((site) => site.network()))));
    const { ok, failed, unknown } = count(history);
    return { broken, figures: [...figures, `${ok} ok, ${failed} failed, ${unknown} unknown`].join('; ') };
  } catch (error) {
    return { broken: [String(error)], figures: figures.join('; ') };
  } finally {
    await api?.stop();
    await Promise.all(sites.map((site) => site.stop()));
    await Promise.all(sites.filter(({ folder }) => existsSync(folder)).map((site) => site.bring('down').catch(() => undefined)));
    made.remove();
    rmSync(out, { recursive: true, force: true });
  }
}

export const TWO_AND_TWO: Parting = {
  majority: [],
  part: (made) => made.part(made.hosts.slice(2)),
  mend: (made) => made.part([]),
};

export const THREE_AND_ONE: Parting = {
  majority: [0, 1, 2],
  alone: 3,
  part: (made) => made.link(made.hosts[3] as Host, 'down'),
  mend: (made) => made.link(made.hosts[3] as Host, 'up'),
};
