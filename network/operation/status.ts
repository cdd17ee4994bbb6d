/** How a network is: which processes run, heights, leader, the code of each province, certificates' days. */
import { setTimeout as pause } from 'node:timers/promises';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { type Remaining, remaining, runsOut } from './certificate-days.js';
import { type Network, peerCommand } from './commands.js';
import { type Behind, behind, canOrder, highest, type ProvinceHeights } from './health.js';
import { metricsOf } from './metrics.js';
import { type NodeRole, nodeName, ROLES } from './nodes.js';
import { openNetwork } from './open-network.js';
import { ordererHeight } from './orderer-height.js';
import { ordererHeightOf, peerHeightOf } from './other-heights.js';
import { running } from './process-record.js';
import { attempt } from './run-program.js';

/** Heights are numbers of blocks. */
export interface ProvinceStatus extends ProvinceHeights {
  readonly code: string;
  /** process ids; null for one that does not run, or that systemd started */
  readonly processes: Readonly<Record<NodeRole, number | null>>;
  /** SHA-256 of the contracts that the province's chaincode service says it runs; null when it does not answer */
  readonly codeDigest: string | null;
  /** whole days until the first of the province's certificates runs out, and which one */
  readonly certificateDays: number;
  readonly certificate: string;
  /** those that ran out, or will within a week */
  readonly expiring: readonly Remaining[];
}

export interface NetworkStatus {
  readonly folder: string;
  /**
   * every node of this folder's provinces answers, has what the network has, and runs one code; no certificate of theirs
   * runs out within a week; three orderers at least can be asked
   */
  readonly healthy: boolean;
  /** slug of the province whose orderer leads, as most orderers that run here say; null when they do not agree */
  readonly leader: string | null;
  /** those whose keys and processes are here */
  readonly provinces: readonly ProvinceStatus[];
  /** those on other hosts */
  readonly others: readonly ProvinceHeights[];
  /** this folder's nodes that were behind and stayed behind */
  readonly behind: readonly Behind[];
}

/** a node that comes back fetches what it misses by itself within this */
const PATIENCE_MS = 15_000;

async function codeDigestOf(network: Network, member: Member): Promise<string | null> {
  const query = JSON.stringify({ function: 'ledger:GetCodeInfo', Args: [] });
  const command = ['chaincode', 'query', '-C', CHANNEL, '-n', CHAINCODE_NAME, '-c', query];
  const { code, output } = await attempt(peerCommand(network, member, command));
  return code === 0 ? JSON.parse(output).codeDigest : null;
}

/** Of a province whose nodes are here. */
async function ownHeights({ root }: Network, member: Member): Promise<ProvinceHeights> {
  const [peer, orderer] = await Promise.all([metricsOf(member.ports.peerOperations), ordererHeight(root, member)]);
  const peerHeight = peer?.get('ledger_blockchain_height') ?? null;
  return { slug: member.province.slug, peerHeight, ordererHeight: orderer ?? null };
}

/** Of one on another host, asked in the name of the province that is here. */
async function otherHeights(network: Network, other: Member): Promise<ProvinceHeights> {
  const [home] = network.operated as readonly [Member];
  const asked = [peerHeightOf(network, home, other), ordererHeightOf(network, home, other)] as const;
  const [peer, orderer] = await Promise.all(asked);
  return { slug: other.province.slug, peerHeight: peer ?? null, ordererHeight: orderer ?? null };
}

/** Looks again until nobody is behind what the network had before, or for as long as that is to be waited for. */
async function untilLevel(network: Network, first: readonly ProvinceHeights[], wanted: number, patience: number) {
  let heights = first;
  for (const deadline = Date.now() + patience; behind(heights, wanted).length > 0 && Date.now() < deadline; ) {
    await pause(250);
    heights = await Promise.all(network.operated.map((member) => ownHeights(network, member)));
  }
  return heights;
}

async function provinceStatus(network: Network, member: Member, heights: ProvinceHeights): Promise<ProvinceStatus> {
  const { pids } = networkPaths(network.root);
  const processes = Object.fromEntries(ROLES.map((role) => [role, running(pids, nodeName(member, role))?.pid ?? null]));
  const certificates = remaining(provincePaths(network.root, member.province.slug).root, Date.now());
  return {
    code: member.province.code,
    ...heights,
    processes: processes as Record<NodeRole, number | null>,
    codeDigest: heights.peerHeight === null ? null : await codeDigestOf(network, member),
    certificateDays: certificates[0].days,
    certificate: certificates[0].certificate,
    expiring: certificates.filter(runsOut),
  };
}

async function leaderOf({ ports }: Member): Promise<number | undefined> {
  return (await metricsOf(ports.ordererOperations))?.get('consensus_BFT_leader_id');
}

function agreed(leaders: readonly (number | undefined)[]): number | undefined {
  const said = leaders.filter((leader) => leader !== undefined);
  return said.find((leader) => said.filter((other) => other === leader).length * 2 > said.length);
}

function isHealthy({ provinces, others, behind }: Omit<NetworkStatus, 'healthy'>): boolean {
  const [first] = provinces;
  const isWell = ({ peerHeight, ordererHeight, codeDigest, expiring }: ProvinceStatus) =>
    peerHeight !== null &&
    ordererHeight !== null &&
    codeDigest !== null &&
    codeDigest === first?.codeDigest &&
    expiring.length === 0;
  return behind.length === 0 && provinces.every(isWell) && canOrder([...provinces, ...others]);
}

/**
 * @param patience milliseconds for which a node that is behind is waited for
 * @throws NetworkFault when the folder is no network's
 */
export async function status(root: string, patience = PATIENCE_MS): Promise<NetworkStatus> {
  const network = openNetwork(root);
  const { operated, definition } = network;
  const away = definition.members.filter((member) => !operated.includes(member));
  const [first, others, leaders] = await Promise.all([
    Promise.all(operated.map((member) => ownHeights(network, member))),
    Promise.all(away.map((member) => otherHeights(network, member))),
    Promise.all(operated.map(leaderOf)),
  ]);
  const wanted = highest([...first, ...others]);
  const heights = await untilLevel(network, first, wanted, patience);
  const provinces = await Promise.all(
    operated.map((member, index) => provinceStatus(network, member, heights[index] as ProvinceHeights)),
  );
  const leader = agreed(leaders);
  const found = {
    folder: root,
    leader: definition.members.find(({ consenter }) => consenter === leader)?.province.slug ?? null,
    provinces,
    others,
    behind: behind(heights, wanted),
  };
  return { ...found, healthy: isHealthy(found) };
}
