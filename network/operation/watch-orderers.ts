/**
 * Looks at the orderers of a folder's provinces, and starts one again that runs and stands still. One that does not run is
 * left as it is: that is `up`'s or systemd's.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Member } from '../definition/definition.js';
import { networkPaths } from '../definition/network-folder.js';
import type { Network } from './commands.js';
import { stopProcess } from './down.js';
import { NetworkFault } from './fault.js';
import { withLock } from './lock-network.js';
import { metricsOf } from './metrics.js';
import { nodeName, nodeProcess } from './nodes.js';
import { ordererHeight } from './orderer-height.js';
import { ordererProcess } from './orderer-process.js';
import { type ProcessRecord, running } from './process-record.js';
import { restartNode } from './restart-nodes.js';
import { greets, serves } from './serves.js';
import { type Cause, type Sight, type Standing, Standstill } from './standstill.js';

export interface Watch {
  /** milliseconds for which an orderer stands still before it is started again */
  readonly patience: number;
  readonly tell: (line: string) => void;
  readonly signal: AbortSignal;
}

const LOOKS_MS = 2000;
/** Where nothing is ordered, each province waits for the one before it by this part of the patience: one that hangs is enough. */
const TURN = 1 / 3;
/** What a restart does not mend is somebody's to look at. */
const MOST_RESTARTS = 3;
const AGAIN_AFTER_MS = 3_600_000;
const SERVES_AGAIN_MS = 60_000;

const WHY: Readonly<Record<Cause, string>> = {
  silent: 'answers nothing',
  behind: 'stays behind the blocks that its province’s peer has',
  waiting: 'orders nothing though requests wait and two other orderers answer',
};

async function othersThatAnswer({ definition }: Network, member: Member): Promise<number> {
  const others = definition.members.filter(({ province }) => province !== member.province);
  const answers = await Promise.all(others.map(({ host, ports }) => greets({ host, port: ports.orderer })));
  return answers.filter(Boolean).length;
}

/** Undefined where it does not run. */
export async function sightOf(network: Network, member: Member): Promise<Sight | undefined> {
  const { root, programs } = network;
  if (!ordererProcess(root, member, programs.orderer)) return undefined;
  const { ports } = member;
  const [own, height, peer] = await Promise.all([
    metricsOf(ports.ordererOperations),
    ordererHeight(root, member),
    metricsOf(ports.peerOperations),
  ]);
  const waiting = own?.get('consensus_smartbft_pool_count_of_elements') ?? 0;
  return {
    answers: own !== undefined || height !== undefined,
    height,
    waiting,
    peerHeight: peer?.get('ledger_blockchain_height'),
    // Asked of nobody while it does not matter.
    others: waiting > 0 ? await othersThatAnswer(network, member) : 0,
  };
}

/** Ends it; whoever started it, which is not us, starts it again. @throws NetworkFault when nobody does */
async function untilStartedAgain({ root, programs }: Network, member: Member, process: ProcessRecord): Promise<void> {
  await stopProcess(process);
  const node = nodeProcess(root, member, 'orderer', programs);
  for (const deadline = Date.now() + SERVES_AGAIN_MS; Date.now() < deadline; await pause(250)) if (await serves(node)) return;
  throw new NetworkFault(
    `${node.name} was ended and nobody started it again within ${SERVES_AGAIN_MS / 1000} s: systemctl status delta-orderer`,
  );
}

/** @throws NetworkFault while another command is at work in the folder, or when it does not come up again */
async function startAgain(network: Network, member: Member): Promise<void> {
  const { root, programs } = network;
  const process = ordererProcess(root, member, programs.orderer);
  if (!process) return;
  const isOurs = running(networkPaths(root).pids, nodeName(member, 'orderer'))?.pid === process.pid;
  await withLock(root, () => (isOurs ? restartNode(network, member, 'orderer') : untilStartedAgain(network, member, process)));
}

class OrdererWatch {
  readonly #network: Network;
  readonly #member: Member;
  readonly #watch: Watch;
  readonly #standstill = new Standstill();
  /** when it was started again */
  #restarts: number[] = [];
  #told = '';

  constructor(network: Network, member: Member, watch: Watch) {
    this.#network = network;
    this.#member = member;
    this.#watch = watch;
  }

  async look(): Promise<void> {
    const sight = await sightOf(this.#network, this.#member);
    const standing = this.#standstill.look(sight, performance.now());
    if (!standing) this.#told = '';
    else if (standing.milliseconds >= this.#patience(standing)) await this.#act(standing);
  }

  #patience({ cause }: Standing): number {
    const { patience } = this.#watch;
    return cause === 'waiting' ? patience * (1 + TURN * (this.#member.consenter - 1)) : patience;
  }

  async #act(standing: Standing): Promise<void> {
    this.#restarts = this.#restarts.filter((at) => performance.now() - at < AGAIN_AFTER_MS);
    if (this.#restarts.length >= MOST_RESTARTS)
      return this.#tell(standing, `started again ${MOST_RESTARTS} times within an hour, and left as it is now: read its log`);
    try {
      await startAgain(this.#network, this.#member);
      this.#restarts.push(performance.now());
      this.#standstill.reset();
      this.#tell(standing, 'started again');
      this.#told = '';
    } catch (error) {
      if (!(error instanceof NetworkFault)) throw error;
      this.#tell(standing, error.message);
    }
  }

  /** Once, until it goes on. */
  #tell({ cause, milliseconds }: Standing, outcome: string): void {
    const seconds = Math.round(milliseconds / 1000);
    if (outcome !== this.#told)
      this.#watch.tell(`${nodeName(this.#member, 'orderer')} ${WHY[cause]}, for ${seconds} s: ${outcome}`);
    this.#told = outcome;
  }
}

/** Goes on until the signal is given. @throws whatever is no fault of the network's */
export async function watchOrderers(network: Network, watch: Watch): Promise<void> {
  const watched = network.operated.map(async (member) => {
    const orderer = new OrdererWatch(network, member, watch);
    while (!watch.signal.aborted) {
      await orderer.look();
      await pause(LOOKS_MS, undefined, { signal: watch.signal }).catch(() => undefined);
    }
  });
  await Promise.all(watched);
}
