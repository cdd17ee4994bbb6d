/** Brings a network up: makes it in an empty folder, starts what does not run, and does what is not done yet. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Definition } from '../definition/definition.js';
import { networkPaths } from '../definition/network-folder.js';
import type { Network } from './commands.js';
import { checkCode, deployChaincode } from './deploy-chaincode.js';
import { NetworkFault } from './fault.js';
import { foundRegistrars } from './found-registrars.js';
import { joinChannel } from './join-channel.js';
import { withLock } from './lock-network.js';
import { makeNetwork } from './make-network.js';
import { metricsOf } from './metrics.js';
import { definitionOf, readRecord } from './network-record.js';
import { nodesOf } from './nodes.js';
import { checkPorts } from './ports.js';
import { running } from './process-record.js';
import { findPrograms, type Programs } from './programs.js';
import { startNodes } from './start-nodes.js';

export interface UpOptions {
  /** absolute */
  readonly root: string;
  /** for a new network; of an existing one it has to be what it is */
  readonly basePort?: number;
  readonly defaultBasePort: number;
  readonly progress: (step: string) => void;
}

export type UpOutcome = 'made' | 'started' | 'running';

const PATIENCE_MS = 60_000;

/** All four peers have the same blocks, so whoever asks any of them next is told the same. */
async function sameHeight({ members }: Definition): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(100)) {
    const figures = await Promise.all(members.map(({ ports }) => metricsOf(ports.peerOperations)));
    const heights = figures.map((figure) => figure?.get('ledger_blockchain_height'));
    if (heights[0] !== undefined && heights.every((height) => height === heights[0])) return;
  }
  throw new NetworkFault('the four peers do not come to the same height: npm run network -- status shows which one stays behind');
}

/** What no process could be started without, looked at before anything is written. */
async function definitionFor(options: UpOptions, programs: Programs): Promise<{ definition: Definition; made: boolean }> {
  const { root, basePort, progress } = options;
  const record = readRecord(root);
  if (record) {
    const definition = definitionOf(root, record, basePort);
    checkCode(root, definition);
    return { definition, made: false };
  }
  const input = { basePort: basePort ?? options.defaultBasePort };
  return { definition: await makeNetwork(root, input, programs, progress), made: true };
}

async function bringUp(options: UpOptions, programs: Programs): Promise<UpOutcome> {
  const { root, progress } = options;
  const { definition, made } = await definitionFor(options, programs);
  const { pids } = networkPaths(root);
  const missing = nodesOf(root, definition.members, programs).filter(({ name }) => !running(pids, name));
  if (missing.length > 0) {
    await checkPorts(missing);
    await startNodes(root, missing);
    progress(`started ${missing.map(({ name }) => name).join(', ')}`);
  }
  const network: Network = { root, definition, programs };
  await joinChannel(network);
  progress('four orderers and four peers are in the channel');
  await deployChaincode(network);
  progress('chaincode approved by four provinces and committed');
  await foundRegistrars(network);
  await sameHeight(definition);
  progress('four registrars are entered, four peers have the same height');
  if (made) return 'made';
  return missing.length > 0 ? 'started' : 'running';
}

/** @throws NetworkFault saying what to do; what was started stays, and `up` goes on from there */
export function up(options: UpOptions): Promise<UpOutcome> {
  if (process.platform !== 'linux') throw new NetworkFault('the network runs on Linux: its commands read /proc');
  const programs = findPrograms();
  readRecord(options.root);
  return withLock(options.root, () => bringUp(options, programs));
}
