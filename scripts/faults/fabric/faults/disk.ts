/** A peer whose disk is full. */
import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fabricEnvironment } from '../../../../network/operation/nodes.js';
import { findPrograms } from '../../../../network/operation/programs.js';
import { attempt } from '../../../../network/operation/run-program.js';
import { type Arena, until } from '../arena.js';
import type { Client } from '../client.js';
import type { Drill } from '../drill.js';
import type { FabricFault } from '../fault.js';

const INDEX = 2;
const FAULT_MS = 8000;
const SIZE_MIB = 96;

const ledgerOf = (arena: Arena) => join(arena.peerFolder(INDEX), 'ledger');

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

/** What the peer has written to its log since it had so many bytes. */
function loggedSince(arena: Arena, bytes: number): string {
  return readFileSync(arena.logOf(INDEX, 'peer')).subarray(bytes).toString('utf8');
}

/** The peer met the full disk, and wrote nothing more: it ended, or it stands still while the others go on. */
async function standsStill(drill: Drill, client: Client, logged: number): Promise<void> {
  const { arena } = drill;
  await until('the peer says that there is no space left', () => /no space left/i.test(loggedSince(arena, logged)));
  const before = (await arena.heights())[INDEX];
  await pause(FAULT_MS);
  drill.recovered(await drill.recovery(client));
  const heights = await arena.heights();
  const during = heights[INDEX];
  const others = Math.min(...heights.map((height) => height ?? Number.POSITIVE_INFINITY));
  if (during === undefined) drill.figures.push('peer ended');
  else {
    drill.figures.push(`peer stood still at height ${during}, others at ${others}`);
    drill.expect(during === before, `the peer went on from height ${before} to ${during} on a full disk`);
  }
}

async function diskFull(drill: Drill): Promise<void> {
  const { arena } = drill;
  drill.after(await onSmallDisk(arena));
  const client = await drill.open();
  const workload = await drill.work(client);
  const logged = statSync(arena.logOf(INDEX, 'peer')).size;
  const full = (await arena.heights())[INDEX] ?? 0;
  const free = fill(ledgerOf(arena), 64 * 1024);
  await standsStill(drill, client, logged);
  await workload.stop();
  drill.timely(workload.told);
  free();
  await arena.kill(INDEX, 'peer');
  drill.figures.push(await revive(arena));
  await drill.caughtUp();
  const height = (await arena.heights())[INDEX] ?? 0;
  drill.expect(height > full, `the peer had height ${full} when its disk was full and has ${height} now`);
}

function needsRoot(): string | undefined {
  return process.platform === 'linux' && process.getuid?.() === 0 ? undefined : 'a small file system needs Linux and root';
}

export const DISK_FAULTS: Readonly<Record<string, FabricFault>> = {
  'peer-disk-full': { what: "a peer's disk is full", run: diskFull, missing: needsRoot },
};
