/**
 * `npm run network -- test`: province folders on four hosts of their own. Each is brought up from its own folder alone,
 * by its systemd units and `join`; a write is seen by all four; three go on while one is cut off, which catches up afterwards.
 */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { key } from '../../chaincode/state/keys.js';
import { DEFAULT_BASE_PORT } from '../../network/definition/definition.js';
import { networkPaths } from '../../network/definition/network-folder.js';
import { NetworkFault } from '../../network/operation/fault.js';
import { remember } from '../../network/operation/process-record.js';
import { findPrograms } from '../../network/operation/programs.js';
import { writeProvinceFolders } from '../../network/operation/province-folders.js';
import { type Host, makeHosts } from './namespaces.js';
import { readUnits } from './units.js';

const NETWORK = resolve(import.meta.dirname, '../network.js');
/** where `dist` and `node_modules` are */
const SOFTWARE = resolve(import.meta.dirname, '../../..');
const CALL = resolve(import.meta.dirname, 'call.js');
const PATIENCE_MS = 120_000;

interface Site {
  readonly host: Host;
  readonly folder: string;
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** A command of this build on a host, as its operator would give it there. */
function on({ host }: Pick<Site, 'host'>, script: string, words: readonly string[]): Promise<Ended> {
  return new Promise((settle, reject) => {
    const command = ['netns', 'exec', host.namespace, process.execPath, script, ...words];
    const child = spawn('ip', command, { stdio: ['ignore', 'pipe', 'pipe'], timeout: PATIENCE_MS });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        text += chunk;
      });
    child.once('error', reject);
    child.once('close', (code) => settle({ code, text: text.trim() }));
  });
}

/** A host's processes, started by what its units say, with nothing in their environment but that. */
function startUnits({ host, folder }: Site): void {
  const fabric = dirname(findPrograms().peer);
  const { PATH = '/usr/bin:/bin' } = process.env;
  for (const unit of readUnits({ folder, software: SOFTWARE, fabric })) {
    const log = openSync(join(folder, `${unit.name}.log`), 'a', 0o640);
    const command = ['netns', 'exec', host.namespace, unit.command, ...unit.arguments];
    const environment = { PATH, ...unit.environment };
    const child = spawn('ip', command, { cwd: unit.folder, env: environment, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    child.once('error', () => undefined);
    child.unref();
    // For `down` alone, which ends them afterwards in the place of systemd.
    if (child.pid !== undefined) remember(networkPaths(folder).pids, unit.name, child.pid);
  }
}

function check(holds: boolean, what: string, found = ''): void {
  if (!holds) throw new NetworkFault(`NOT shown: ${what}${found && `: ${found}`}`);
}

/** @param found what was seen instead, in words */
async function eventually(what: string, holds: () => Promise<boolean>, found = () => ''): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(250)) if (await holds()) return;
  check(false, what, found());
}

/** Provinces of which a folder holds private keys. */
function keysIn({ folder }: Site): string[] {
  const provinces = join(folder, 'provinces');
  const holds = (slug: string) =>
    readdirSync(join(provinces, slug), { recursive: true, encoding: 'utf8' }).some(
      (name) => name.endsWith('key.pem') && statSync(join(provinces, slug, name)).isFile(),
    );
  return readdirSync(provinces).filter(holds);
}

const RECORD = {
  title: { zh: '命名空间之证', en: 'proof in namespaces' },
  issuer: '测试',
  effectiveFrom: '2026-01-01T00:00:00.000Z',
};

/** A legal instrument entered by the site's registrar, endorsed by these provinces' peers. */
async function write(site: Site, code: string, endorsers: readonly Site[]): Promise<Ended> {
  const digest = { alg: 'sha-256', value: '5'.repeat(64) };
  const argument = encodeArgument({ operation: `namespace-${code}-write`, input: { ...RECORD, code, digest } });
  const names = endorsers.map(({ host }) => host.name).join(',');
  return on(site, CALL, ['submit', site.folder, 'registry:RegisterInstrument', argument, names]);
}

async function read(site: Site, code: string): Promise<string> {
  const { code: exit, text } = await on(site, CALL, ['read', site.folder, key('instrument', code)]);
  return exit === 0 ? text : '';
}

async function allSee(sites: readonly Site[], code: string): Promise<void> {
  await eventually(`all see ${code} and read the same`, async () => {
    const records = await Promise.all(sites.map((site) => read(site, code)));
    return records[0] !== '' && new Set(records).size === 1;
  });
}

/** With exit code 0 when the host's own nodes have what all the others tell. */
function statusOn(site: Site): Promise<Ended> {
  return on(site, NETWORK, ['status', '--folder', site.folder]);
}

async function prove(sites: readonly Site[], cut: (site: Site, state: 'up' | 'down') => void, progress: (step: string) => void) {
  for (const site of sites)
    check(keysIn(site).join() === site.host.name, 'a folder holds one province’s keys', keysIn(site).join());
  progress('each folder holds the keys of its own province only');
  for (const site of sites) startUnits(site);
  const joined = await Promise.all(sites.map((site) => on(site, NETWORK, ['join', '--folder', site.folder])));
  for (const { code, text } of joined) check(code === 0, 'a province joins from its own folder', text);
  progress('four hosts came up, each by its systemd units and join, from its own folder');
  const [first, second, third, last] = sites as readonly [Site, Site, Site, Site];
  const wrote = await write(last, 'proof-1', sites);
  check(wrote.code === 0, 'a write', wrote.text);
  await allSee(sites, 'proof-1');
  progress(`a write of ${last.host.name} is read equal on all four`);
  cut(last, 'down');
  const majority = [first, second, third];
  const during = await write(first, 'proof-2', majority);
  check(during.code === 0, 'three provinces go on without the fourth', during.text);
  await allSee(majority, 'proof-2');
  check((await read(last, 'proof-2')) === '', 'the province that is cut off has not seen it');
  const alone = await write(last, 'proof-3', [last]);
  check(alone.code !== 0, 'a province alone can write nothing', alone.text);
  check((await statusOn(last)).code !== 0, 'status on the host that is cut off says that not all is well');
  progress(`${last.host.name} cut off: three go on, it can write nothing, and its status says so`);
  cut(last, 'up');
  await allSee(sites, 'proof-2');
  // By its own orderer, which has to find its way back among the others; one operation, however often it is tried.
  await eventually('it writes again', async () => (await write(last, 'proof-4', sites)).code === 0);
  await allSee(sites, 'proof-4');
  for (const site of sites) check((await read(site, 'proof-3')) === '', 'what it tried alone is nowhere');
  progress(`${last.host.name} is back: it caught up and writes again`);
  let unwell: readonly Ended[] = [];
  await eventually(
    'status says that all is well on each host',
    async () => {
      unwell = (await Promise.all(sites.map(statusOn))).filter(({ code }) => code !== 0);
      return unwell.length === 0;
    },
    () => unwell.map(({ text }) => text).join('\n'),
  );
}

/** Nothing of it may stay; it works within a signal's handler too, which waits for no promise. */
function removeAll(sites: readonly Site[], out: string, removeHosts: () => void): void {
  for (const { folder } of sites)
    spawnSync(process.execPath, [NETWORK, 'down', '--folder', folder], { stdio: 'ignore', timeout: PATIENCE_MS });
  removeHosts();
  rmSync(out, { recursive: true, force: true });
}

/** @throws NetworkFault for what it cannot show; processes, namespaces and folders are removed in every case but SIGKILL */
export async function proveInNamespaces(progress: (step: string) => void): Promise<void> {
  const made = makeHosts(PROVINCES.map(({ slug }) => slug));
  const out = mkdtempSync(join(tmpdir(), 'delta-provinces-'));
  const sites = made.hosts.map((host) => ({ host, folder: join(out, host.name) }));
  const remove = () => removeAll(sites, out, made.remove);
  const interrupted = () => {
    remove();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  try {
    await writeProvinceFolders(
      { out, basePort: DEFAULT_BASE_PORT, hosts: made.hosts.map(({ address }) => address) },
      () => undefined,
    );
    await prove(sites, ({ host }, state) => made.link(host, state), progress);
    progress('shown');
  } finally {
    await Promise.all(sites.map((site) => on(site, NETWORK, ['down', '--folder', site.folder]).catch(() => undefined)));
    remove();
  }
}
