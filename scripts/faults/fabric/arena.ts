/** The network that faults are injected into: one that was made for it, in a folder of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROVINCES, type ProvinceCode } from '../../../chaincode/provinces.js';
import { type Definition, defineNetwork, type Member } from '../../../network/definition/definition.js';
import { networkPaths, provincePaths } from '../../../network/definition/network-folder.js';
import type { FabricProfile } from '../../../network/fabric/profile.js';
import { writeWhole } from '../../../network/identity/files.js';
import { clean } from '../../../network/operation/down.js';
import { metricsOf } from '../../../network/operation/metrics.js';
import { type NodeProcess, type NodeRole, nodeName, nodeProcess } from '../../../network/operation/nodes.js';
import { forget, isRunning, running } from '../../../network/operation/process-record.js';
import { findPrograms, type Programs } from '../../../network/operation/programs.js';
import { logOf as nodeLog, startNodes } from '../../../network/operation/start-nodes.js';
import { up } from '../../../network/operation/up.js';
import type { PeerDatabase } from '../history/database.js';
import type { View } from '../history/view.js';
import { stateHashOf } from '../history/view.js';
import { blocksOfPeer } from './block-file.js';
import { databasesOf } from './peer-database.js';

const PATIENCE_MS = 120_000;

/** Where a profile says that a province's nodes are, in place of where they are. */
export type Detours = Readonly<Partial<Record<ProvinceCode, { readonly peer?: number; readonly orderer?: number }>>>;

/** Waits for a condition. @throws Error naming it */
export async function until(what: string, holds: () => boolean | Promise<boolean>, patience = PATIENCE_MS): Promise<void> {
  for (const deadline = Date.now() + patience; Date.now() < deadline; await pause(100)) if (await holds()) return;
  throw new Error(`not within ${patience / 1000} s: ${what}`);
}

export class Arena {
  readonly root: string;
  readonly definition: Definition;
  readonly #programs: Programs;
  #profiles = 0;

  constructor(root: string, basePort: number, programs: Programs) {
    this.root = root;
    this.definition = defineNetwork({ basePort });
    this.#programs = programs;
  }

  member(index: number): Member {
    const member = this.definition.members[index];
    if (!member) throw new Error(`no province ${index}`);
    return member;
  }

  #process(index: number, role: NodeRole): NodeProcess {
    return nodeProcess(this.root, this.member(index), role, this.#programs);
  }

  pid(index: number, role: NodeRole): number | undefined {
    return running(networkPaths(this.root).pids, nodeName(this.member(index), role))?.pid;
  }

  signal(index: number, role: NodeRole, signal: NodeJS.Signals): void {
    const pid = this.pid(index, role);
    if (pid === undefined) throw new Error(`${nodeName(this.member(index), role)} does not run`);
    process.kill(pid, signal);
  }

  /** Ends a node without warning and waits until it is gone. */
  async kill(index: number, role: NodeRole): Promise<void> {
    const { pids } = networkPaths(this.root);
    const name = nodeName(this.member(index), role);
    const record = running(pids, name);
    if (record) {
      process.kill(record.pid, 'SIGKILL');
      await until(`${name} is gone`, () => !isRunning(record));
    }
    forget(pids, name);
  }

  /** Starts what does not run and waits until each answers. */
  async start(...nodes: readonly (readonly [index: number, role: NodeRole])[]): Promise<void> {
    const missing = nodes.filter(([index, role]) => this.pid(index, role) === undefined);
    await startNodes(
      this.root,
      missing.map(([index, role]) => this.#process(index, role)),
    );
  }

  /** What a node prints; each start appends to it. */
  logOf(index: number, role: NodeRole): string {
    return nodeLog(this.root, nodeName(this.member(index), role));
  }

  peerFolder(index: number): string {
    return provincePaths(this.root, this.member(index).province.slug).peer;
  }

  /** The profile of an operator that has all provinces' keys. @returns its file */
  profile(home: ProvinceCode = '310000', detours: Detours = {}): string {
    const { profiles } = networkPaths(this.root);
    const profile = JSON.parse(readFileSync(join(profiles, 'development.json'), 'utf8')) as FabricProfile;
    const provinces = profile.provinces.map((province) => {
      const { peer, orderer } = detours[province.code] ?? {};
      return {
        ...province,
        peer: peer ? { ...province.peer, address: `127.0.0.1:${peer}` } : province.peer,
        orderer: orderer ? { ...province.orderer, address: `127.0.0.1:${orderer}` } : province.orderer,
      };
    });
    // Each province's nodes know the readers of that province; the home's is in the home's own profile.
    const slug = PROVINCES.find(({ code }) => code === home)?.slug;
    const { reader } = JSON.parse(readFileSync(join(profiles, `${slug}.json`), 'utf8')) as FabricProfile;
    this.#profiles += 1;
    const file = join(profiles, `fault-${this.#profiles}.json`);
    writeWhole(file, JSON.stringify({ ...profile, home, reader, provinces }), 0o644);
    return file;
  }

  /** From 0 on; undefined while most do not say the same. One that was restarted may name an earlier one until it has caught up. */
  async leader(): Promise<number | undefined> {
    const figures = await Promise.all(this.definition.members.map(({ ports }) => metricsOf(ports.ordererOperations)));
    const said = figures.map((figure) => figure?.get('consensus_BFT_leader_id'));
    const agreed = said.find((id) => id !== undefined && said.filter((other) => other === id).length * 2 > said.length);
    return agreed === undefined ? undefined : agreed - 1;
  }

  async heights(): Promise<(number | undefined)[]> {
    const figures = await Promise.all(this.definition.members.map(({ ports }) => metricsOf(ports.peerOperations)));
    return figures.map((figure) => figure?.get('ledger_blockchain_height'));
  }

  /** Starts whatever was ended, lets go on whatever was stopped, and waits for four equal heights. */
  async heal(): Promise<void> {
    const roles: readonly NodeRole[] = ['orderer', 'peer', 'chaincode'];
    const all = roles.flatMap((role) => PROVINCES.map((_, index) => [index, role] as const));
    for (const [index, role] of all) if (this.pid(index, role) !== undefined) this.signal(index, role, 'SIGCONT');
    await this.start(...all);
    await this.settled();
  }

  /** Four peers have the same height, and have it twice running. */
  async settled(): Promise<void> {
    let before = '';
    await until('the four peers have one height', async () => {
      const heights = await this.heights();
      const same = heights.every((height) => height !== undefined && height === heights[0]);
      const calm = same && before === heights.join();
      before = heights.join();
      return calm;
    });
  }

  views(): View[] {
    return this.definition.members.map(({ province }, index) => {
      const blocks = blocksOfPeer(this.peerFolder(index));
      return { mspId: province.mspId, blocks, stateHash: stateHashOf(blocks) };
    });
  }

  /** Only when nothing is written any more: the peers are asked for snapshots of one block. */
  databases(): Promise<PeerDatabase[]> {
    const { root, definition } = this;
    const network = { root, definition, operated: definition.members, programs: this.#programs };
    return databasesOf(definition.members.map((member) => [network, member] as const));
  }

  /** Stops its processes and removes its folder. */
  async remove(): Promise<void> {
    await clean(this.root).catch(() => false);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Brings a network up in a new folder. @throws NetworkFault when programs are missing or it does not come up */
export async function makeArena(basePort: number, progress: (step: string) => void): Promise<Arena> {
  const programs = findPrograms();
  const root = mkdtempSync(join(tmpdir(), 'delta-faults-'));
  const arena = new Arena(root, basePort, programs);
  try {
    await up({ root, basePort, defaultBasePort: basePort, progress });
    return arena;
  } catch (error) {
    await arena.remove();
    throw error;
  }
}
