/** A peer whose disk is full, and a peer restored from an old copy of its folder. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fabricEnvironment } from '../../../../network/operation/nodes.js';
import { findPrograms } from '../../../../network/operation/programs.js';
import { attempt } from '../../../../network/operation/run-program.js';
import { type Arena, until } from '../arena.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';

const INDEX = 2;
const FAULT_MS = 8000;
const SIZE_MIB = 96;

const ledgerOf = (arena: Arena) => join(arena.peerFolder(INDEX), 'ledger');

async function caughtUp(drill: Drill, what: string): Promise<void> {
  const begun = performance.now();
  await drill.arena.settled();
  drill.figures.push(`${what} ${((performance.now() - begun) / 1000).toFixed(1)} s after`);
}

async function restored(drill: Drill): Promise<void> {
  const { arena } = drill;
  const copy = join(arena.root, 'old-ledger');
  await arena.kill(INDEX, 'peer');
  cpSync(ledgerOf(arena), copy, { recursive: true });
  drill.after(() => rmSync(copy, { recursive: true, force: true }));
  await arena.start([INDEX, 'peer']);
  const client = await drill.open();
  const workload = await drill.work(client);
  await until('twenty more writes', () => workload.told.filter(({ kind }) => kind === 'ok').length >= 20);
  await arena.kill(INDEX, 'peer');
  rmSync(ledgerOf(arena), { recursive: true });
  cpSync(copy, ledgerOf(arena), { recursive: true });
  await arena.start([INDEX, 'peer']);
  await workload.stop();
  drill.timely(workload.told);
  await caughtUp(drill, 'caught up');
}

function mount(...words: readonly string[]): void {
  const ran = spawnSync(words[0] as string, words.slice(1), { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`${words.join(' ')}: ${ran.stderr.trim()}`);
}

/** The peer's ledger on a small file system of its own, in memory. */
async function onSmallDisk(arena: Arena): Promise<() => Promise<void>> {
  const ledger = ledgerOf(arena);
  const copy = `${ledger}-copy`;
  await arena.kill(INDEX, 'peer');
  cpSync(ledger, copy, { recursive: true });
  mount('mount', '-t', 'tmpfs', '-o', `size=${SIZE_MIB}m`, 'tmpfs', ledger);
  cpSync(copy, ledger, { recursive: true });
  await arena.start([INDEX, 'peer']);
  return async () => {
    await arena.kill(INDEX, 'peer');
    rmSync(copy, { recursive: true, force: true });
    cpSync(ledger, copy, { recursive: true });
    mount('umount', ledger);
    rmSync(ledger, { recursive: true });
    cpSync(copy, ledger, { recursive: true });
    rmSync(copy, { recursive: true });
  };
}

/** Takes all but so many bytes. @returns what gives it back */
function fill(folder: string, rest: number): () => void {
  const file = join(folder, 'filler');
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - rest)));
  return () => rmSync(file, { force: true });
}

/** Its index may have been torn by the full disk: then it is made again from the blocks. */
async function revive(arena: Arena): Promise<string> {
  const started = await arena.start([INDEX, 'peer']).then(
    () => true,
    () => false,
  );
  if (started) return 'started again';
  await arena.kill(INDEX, 'peer');
  const folder = arena.peerFolder(INDEX);
  await attempt({
    command: findPrograms().peer,
    arguments: ['node', 'rebuild-dbs'],
    folder,
    environment: fabricEnvironment(folder, { CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(folder, 'snapshots') }),
  });
  await arena.start([INDEX, 'peer']);
  return 'started after rebuild-dbs';
}

async function diskFull(drill: Drill): Promise<void> {
  const { arena } = drill;
  drill.after(await onSmallDisk(arena));
  const client = await drill.open();
  const workload = await drill.work(client);
  const free = fill(ledgerOf(arena), 64 * 1024);
  const before = (await arena.heights())[INDEX];
  await pause(FAULT_MS);
  drill.recovered(await drill.recovery(client));
  const during = (await arena.heights())[INDEX];
  const pid = arena.pid(INDEX, 'peer');
  drill.figures.push(`peer ${pid === undefined ? 'ended' : `went on to height ${during} from ${before}`}`);
  await workload.stop();
  drill.timely(workload.told);
  free();
  await arena.kill(INDEX, 'peer');
  drill.figures.push(await revive(arena));
  await caughtUp(drill, 'caught up');
}

function needsRoot(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'a small file system needs Linux and root';
}

export const DISK_FAULTS: Readonly<Record<string, FabricFault>> = {
  'old-peer-restored': { what: 'a peer is restored from an old copy of its ledger', run: restored },
  'peer-disk-full': { what: "a peer's disk is full", run: diskFull, missing: needsRoot },
};
