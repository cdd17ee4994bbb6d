/** The chaincode's lifecycle: installed on four peers, approved by four provinces, committed. What was done before is left alone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceSettings } from '../chaincode-service/settings.js';
import { CHAINCODE_NAME, CHAINCODE_VERSION, CHANNEL } from '../channel.js';
import { chaincodePackage } from '../definition/chaincode-package.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { fromPeers, type Network, peerCommand, untilSeen } from './commands.js';
import { NetworkFault } from './fault.js';
import { SERVICE_SETTINGS } from './nodes.js';
import { attempt, runProgram } from './run-program.js';
import { startingWith, untilTaken } from './until-taken.js';

/** The chaincode's definition, which is the channel's. */
export interface Committed {
  readonly version: string;
  readonly sequence: number;
}

export const lifecycle = (...words: readonly string[]) => ['lifecycle', 'chaincode', ...words];
export const ON_CHANNEL = ['--channelID', CHANNEL, '--name', CHAINCODE_NAME];
const FIRST: Committed = { version: CHAINCODE_VERSION, sequence: 1 };
const flagsOf = ({ version, sequence }: Committed) => ['--version', version, '--sequence', String(sequence)];
/** how long a province waits for the three others to start and approve */
const OTHERS_MS = 10 * 60_000;

const UPGRADE = 'upgrade it (network/runbooks/README.md, Chaincode upgraded), or run the build that made the network';

/** @throws NetworkFault when this build's contracts are not those that a province's service is to run */
export function checkCode(root: string, operated: readonly Member[]): void {
  const { id } = chaincodePackage();
  for (const { province } of operated) {
    const file = join(provincePaths(root, province.slug).chaincode, SERVICE_SETTINGS);
    const { packageId } = JSON.parse(readFileSync(file, 'utf8')) as ServiceSettings;
    if (packageId !== id) throw new NetworkFault(`${file} is of chaincode ${packageId}, this build is ${id}: ${UPGRADE}`);
  }
}

/** Installs the package of this network's folder on a province's peer; false when it is there. */
export async function installChaincode(network: Network, member: Member, packageId: string): Promise<boolean> {
  const installed = await runProgram(peerCommand(network, member, lifecycle('queryinstalled', '-O', 'json')));
  if (installed.includes(`"${packageId}"`)) return false;
  await runProgram(peerCommand(network, member, lifecycle('install', networkPaths(network.root).chaincodePackage)));
  return true;
}

/** The definition that the channel has; undefined before the first. */
export async function committedChaincode(network: Network, member: Member): Promise<Committed | undefined> {
  const asked = await attempt(peerCommand(network, member, lifecycle('querycommitted', ...ON_CHANNEL, '-O', 'json')));
  if (asked.code === 0) return JSON.parse(asked.output);
  if (/is not defined/.test(asked.complaint)) return undefined;
  throw new NetworkFault(`${member.peerName} does not say which chaincode the channel has: ${asked.complaint.trim()}`);
}

/** Which provinces, by MSP id, have approved this very definition already; undefined once it is committed. */
export async function approvals(
  network: Network,
  member: Member,
  definition: Committed,
): Promise<Record<string, boolean> | undefined> {
  const command = lifecycle('checkcommitreadiness', ...ON_CHANNEL, ...flagsOf(definition), '-O', 'json');
  const { code, output, complaint } = await attempt(peerCommand(network, member, command));
  if (code === 0) return JSON.parse(output).approvals;
  // Another host committed it since we last asked.
  if (complaint.includes(`requested sequence is ${definition.sequence}, but new definition must be sequence`)) return undefined;
  throw new NetworkFault(`${member.peerName} does not say who approved the chaincode: ${complaint.trim()}`);
}

/**
 * A province says which package it runs of a definition.
 * @param first the orderer to try first: its own, unless another is quicker
 * @throws NetworkFault
 */
export async function approveChaincode(
  network: Network,
  member: Member,
  definition: Committed,
  packageId: string,
  first: Member = member,
): Promise<void> {
  const flags = [...ON_CHANNEL, ...flagsOf(definition), '--package-id', packageId];
  const approve = (orderer: Member) => {
    const command = lifecycle('approveformyorg', ...flags, ...untilSeen(network.root, orderer));
    return runProgram(peerCommand(network, member, command));
  };
  const isThere = () => isApproved(network, member, definition, packageId);
  await untilTaken(startingWith(first, network.definition.members), approve, isThere);
}

/** Whether a province has said, as far as its own peer knows, that it runs this package of a definition. */
export async function isApproved(network: Network, member: Member, { sequence }: Committed, packageId: string): Promise<boolean> {
  const query = lifecycle('queryapproved', ...ON_CHANNEL, '--sequence', String(sequence), '-O', 'json');
  const { code, output } = await attempt(peerCommand(network, member, query));
  return code === 0 && output.includes(`"${packageId}"`);
}

/**
 * Makes what provinces approved the channel's definition.
 * @param approved whose peers endorse it: one that did not approve refuses
 * @throws NetworkFault
 */
export async function commitDefinition(
  network: Network,
  asked: Member,
  definition: Committed,
  approved: readonly Member[] = network.definition.members,
): Promise<void> {
  const { members } = network.definition;
  const commit = (orderer: Member) => {
    const sent = [...untilSeen(network.root, orderer), ...fromPeers(network.root, approved)];
    const command = lifecycle('commit', ...ON_CHANNEL, ...flagsOf(definition), ...sent);
    return runProgram(peerCommand(network, asked, command));
  };
  const isCommitted = async () => (await committedChaincode(network, asked))?.sequence === definition.sequence;
  await untilTaken(startingWith(asked, members), commit, isCommitted);
}

/** Waits for the others' approvals, where they are given on other hosts; the first province of the table commits. */
async function commit(network: Network, asked: Member, progress: (step: string) => void): Promise<void> {
  const { members } = network.definition;
  const committer = members[0]?.province.slug;
  let waitedFor = '';
  for (const deadline = Date.now() + OTHERS_MS; Date.now() < deadline; await pause(500)) {
    if (await committedChaincode(network, asked)) return;
    const given = await approvals(network, asked, FIRST);
    if (!given) continue;
    const waiting = members.filter(({ province }) => !given[province.mspId]).map(({ province }) => province.slug);
    if (waiting.length === 0 && asked === members[0]) return commitDefinition(network, asked, FIRST);
    const awaited = waiting.length > 0 ? `the approval of ${waiting.join(', ')}` : `${committer} to commit the chaincode`;
    if (awaited === waitedFor) continue;
    waitedFor = awaited;
    progress(`waiting for ${waitedFor}`);
  }
  throw new NetworkFault(`the chaincode is not committed yet, still waiting for ${waitedFor}: run join there, then this again`);
}

/**
 * Without a policy of its own: the channel's `Endorsement` holds, three of four peers, which only all
 * four together can change.
 * @returns whether anything of it was not done yet
 * @throws NetworkFault
 */
export async function deployChaincode(network: Network, progress: (step: string) => void): Promise<boolean> {
  const { operated } = network;
  const { id } = chaincodePackage();
  const [first] = operated as readonly [Member, ...Member[]];
  const installed = await Promise.all(operated.map((member) => installChaincode(network, member, id)));
  const present = await committedChaincode(network, first);
  if (present?.version === CHAINCODE_VERSION) return installed.includes(true);
  if (present)
    throw new NetworkFault(`the channel has chaincode ${present.version}, this build is ${CHAINCODE_VERSION}: ${UPGRADE}`);
  const given = await approvals(network, first, FIRST);
  const missing = given ? operated.filter(({ province }) => !given[province.mspId]) : [];
  await Promise.all(missing.map((member) => approveChaincode(network, member, FIRST, id, first)));
  await commit(network, first, progress);
  return true;
}
