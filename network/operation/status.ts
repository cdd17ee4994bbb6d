/** How a network is: which processes run, heights, leader, the code of each province, certificates' days. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { type Network, peerCommand } from './commands.js';
import { NetworkFault } from './fault.js';
import { metricsOf } from './metrics.js';
import { definitionOf, operatedBy, readRecord } from './network-record.js';
import { type NodeRole, nodeName, ROLES } from './nodes.js';
import { levelOrderers, ordererHeight } from './orderer-height.js';
import { running } from './process-record.js';
import { findPrograms } from './programs.js';
import { attempt } from './run-program.js';

export interface ProvinceStatus {
  readonly code: string;
  readonly slug: string;
  /** process ids; null for one that does not run, or that systemd started */
  readonly processes: Readonly<Record<NodeRole, number | null>>;
  /** number of blocks; null when the node does not tell */
  readonly peerHeight: number | null;
  readonly ordererHeight: number | null;
  /** SHA-256 of the contracts that the province's chaincode service says it runs; null when it does not answer */
  readonly codeDigest: string | null;
  /** whole days until the first of the province's certificates runs out, and which one */
  readonly certificateDays: number;
  readonly certificate: string;
}

export interface NetworkStatus {
  readonly folder: string;
  /** every node answers, all peers at one height, no orderer more than a block behind, all services with one code */
  readonly healthy: boolean;
  /** slug of the province whose orderer leads, as most orderers that run say; null when they do not agree */
  readonly leader: string | null;
  readonly provinces: readonly ProvinceStatus[];
}

const DAY = 86_400_000;
const CERTIFICATES = [
  // The authorities' own, which may be kept elsewhere with their keys.
  'msp/cacerts/root.pem',
  'msp/tlscacerts/root.pem',
  'orderer/msp/signcerts/certificate.pem',
  'orderer/tls/certificate.pem',
  'peer/msp/signcerts/certificate.pem',
  'peer/tls/certificate.pem',
  'peer/chaincode-client/certificate.pem',
  'chaincode/tls/certificate.pem',
  'admin/msp/signcerts/certificate.pem',
  'admin/tls/certificate.pem',
  'reader/certificate.pem',
];

function firstToExpire(folder: string, now: number): { certificate: string; certificateDays: number } {
  const days = CERTIFICATES.map((certificate) => {
    const until = new X509Certificate(readFileSync(join(folder, certificate))).validToDate.getTime();
    return { certificate, certificateDays: Math.floor((until - now) / DAY) };
  });
  return days.reduce((first, next) => (next.certificateDays < first.certificateDays ? next : first));
}

async function codeDigestOf(network: Network, member: Member): Promise<string | null> {
  const query = JSON.stringify({ function: 'ledger:GetCodeInfo', Args: [] });
  const command = ['chaincode', 'query', '-C', CHANNEL, '-n', CHAINCODE_NAME, '-c', query];
  const { code, output } = await attempt(peerCommand(network, member, command));
  return code === 0 ? JSON.parse(output).codeDigest : null;
}

async function provinceStatus(network: Network, member: Member) {
  const { root } = network;
  const { pids } = networkPaths(root);
  const { code, slug } = member.province;
  const processes = Object.fromEntries(ROLES.map((role) => [role, running(pids, nodeName(member, role))?.pid ?? null]));
  const { peerOperations, ordererOperations } = member.ports;
  const asked = [metricsOf(peerOperations), metricsOf(ordererOperations), ordererHeight(root, member)] as const;
  const [peer, orderer, height] = await Promise.all(asked);
  const status: ProvinceStatus = {
    code,
    slug,
    processes: processes as Record<NodeRole, number | null>,
    peerHeight: peer?.get('ledger_blockchain_height') ?? null,
    ordererHeight: height ?? null,
    codeDigest: peer ? await codeDigestOf(network, member) : null,
    ...firstToExpire(provincePaths(root, slug).root, Date.now()),
  };
  return { status, leader: orderer?.get('consensus_BFT_leader_id') };
}

function agreed(leaders: readonly (number | undefined)[]): number | undefined {
  const said = leaders.filter((leader) => leader !== undefined);
  return said.find((leader) => said.filter((other) => other === leader).length * 2 > said.length);
}

function isHealthy(provinces: readonly ProvinceStatus[]): boolean {
  const same = (values: readonly unknown[]) => values.every((value) => value !== null && value === values[0]);
  return (
    levelOrderers(provinces.map(({ ordererHeight }) => ordererHeight ?? undefined)) &&
    same(provinces.map(({ peerHeight }) => peerHeight)) &&
    same(provinces.map(({ codeDigest }) => codeDigest))
  );
}

/** @throws NetworkFault when the folder is no network's */
export async function status(root: string): Promise<NetworkStatus> {
  const record = readRecord(root);
  if (!record) throw new NetworkFault(`there is no network in ${root}: npm run network -- up makes one`);
  const definition = definitionOf(root, record, undefined);
  const operated = operatedBy(record, definition);
  const network = { root, definition, operated, programs: findPrograms() };
  const asked = await Promise.all(operated.map((member) => provinceStatus(network, member)));
  const leader = agreed(asked.map((one) => one.leader));
  const provinces = asked.map((one) => one.status);
  return {
    folder: root,
    healthy: isHealthy(provinces),
    leader: definition.members.find(({ consenter }) => consenter === leader)?.province.slug ?? null,
    provinces,
  };
}
