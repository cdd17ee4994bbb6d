/** Brings a network up: makes it in an empty folder, starts what does not run, and does what is not done yet. */
import { setTimeout as pause } from 'node:timers/promises';
import { networkPaths } from '../definition/network-folder.js';
import type { Network } from './commands.js';
import { checkCode, deployChaincode } from './deploy-chaincode.js';
import { NetworkFault } from './fault.js';
import { foundRegistrars } from './found-registrars.js';
import { joinChannel } from './join-channel.js';
import { withLock } from './lock-network.js';
import { makeNetwork } from './make-network.js';
import { metricsOf } from './metrics.js';
import { definitionOf, operatedBy, readRecord } from './network-record.js';
import { nodesOf } from './nodes.js';
import { levelOrderers, ordererHeight } from './orderer-height.js';
import { checkPorts } from './ports.js';
import { running } from './process-record.js';
import { findPrograms, type Programs } from './programs.js';
import { startNodes, untilAllServe } from './start-nodes.js';

export interface UpOptions {
  /** absolute */
  readonly root: string;
  /** for a new network; of an existing one it has to be what it is */
  readonly basePort?: number;
  readonly defaultBasePort: number;
  readonly progress: (step: string) => void;
}

/** `completed`: an earlier `up` was broken off, and what it left undone is done now. */
export type UpOutcome = 'made' | 'started' | 'completed' | 'running';

const PATIENCE_MS = 60_000;

/** All peers have the same blocks, so whoever asks any of them next is told the same; no orderer would be missed if another failed. */
async function sameHeight({ root, operated }: Network): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await pause(100)) {
    const orderers = await Promise.all(operated.map((member) => ordererHeight(root, member)));
    const figures = await Promise.all(operated.map(({ ports }) => metricsOf(ports.peerOperations)));
    const peers = figures.map((figure) => figure?.get('ledger_blockchain_height'));
    if (peers[0] !== undefined && peers.every((height) => height === peers[0]) && levelOrderers(orderers)) return;
  }
  throw new NetworkFault('the nodes do not come to the same height: npm run network -- status shows which one stays behind');
}

async function whatIsThere({ root, basePort }: UpOptions, programs: Programs): Promise<Network | undefined> {
  const record = readRecord(root);
  if (!record) return undefined;
  const definition = definitionOf(root, record, basePort);
  const operated = operatedBy(record, definition);
  checkCode(root, operated);
  return { root, definition, operated, programs };
}

async function make(options: UpOptions, programs: Programs): Promise<Network> {
  const { root, progress } = options;
  const input = { basePort: options.basePort ?? options.defaultBasePort };
  const definition = await makeNetwork(root, input, programs, progress);
  return { root, definition, operated: definition.members, programs };
}

async function startMissing({ root, operated, programs }: Network, progress: UpOptions['progress']): Promise<boolean> {
  const { pids } = networkPaths(root);
  const missing = nodesOf(root, operated, programs).filter(({ name }) => !running(pids, name));
  if (missing.length === 0) return false;
  await checkPorts(missing);
  await startNodes(root, missing);
  progress(`started ${missing.map(({ name }) => name).join(', ')}`);
  return true;
}

/** Whether any step of it was not done yet. */
async function joinNetwork(network: Network, progress: UpOptions['progress']): Promise<boolean> {
  await untilAllServe(network.root, nodesOf(network.root, network.operated, network.programs));
  const joined = await joinChannel(network);
  progress('orderers and peers are in the channel');
  const deployed = await deployChaincode(network, progress);
  progress('the chaincode is approved by four provinces and committed');
  const founded = await foundRegistrars(network);
  await sameHeight(network);
  progress('the registrars are entered, the nodes have the same height');
  return joined || deployed || founded;
}

function checkSystem(): void {
  if (process.platform !== 'linux') throw new NetworkFault('the network runs on Linux: its commands read /proc');
}

/** @throws NetworkFault saying what to do; what was started stays, and `up` goes on from there */
export function up(options: UpOptions): Promise<UpOutcome> {
  checkSystem();
  const programs = findPrograms();
  readRecord(options.root);
  return withLock(options.root, async () => {
    const present = await whatIsThere(options, programs);
    const network = present ?? (await make(options, programs));
    const started = await startMissing(network, options.progress);
    const completed = await joinNetwork(network, options.progress);
    if (!present) return 'made';
    if (completed) return 'completed';
    return started ? 'started' : 'running';
  });
}

/** What `up` does but starting processes, for a host whose processes systemd starts. @throws NetworkFault */
export function join(options: UpOptions): Promise<void> {
  checkSystem();
  const programs = findPrograms();
  return withLock(options.root, async () => {
    const network = await whatIsThere(options, programs);
    if (!network) throw new NetworkFault(`there is no network in ${options.root}: unpack the province's folder there`);
    await joinNetwork(network, options.progress);
  });
}
