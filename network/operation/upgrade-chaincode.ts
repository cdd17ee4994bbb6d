/**
 * New code, one province after another. Under the definition that the channel has, a province may approve
 * another package: its peer then endorses by the new code, which does what the old does until its features
 * are active, so three of four provinces' endorsements are equal all the time. When all four run it, the
 * definition gets the new version; then the registrars approve the features.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import type { ServiceSettings } from '../chaincode-service/settings.js';
import { CHAINCODE_VERSION, ENDORSEMENTS_REQUIRED } from '../channel.js';
import { chaincodePackage } from '../definition/chaincode-package.js';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { writeWhole } from '../identity/files.js';
import type { Network } from './commands.js';
import {
  approvals,
  approveChaincode,
  type Committed,
  commitDefinition,
  committedChaincode,
  installChaincode,
  isApproved,
} from './deploy-chaincode.js';
import { NetworkFault } from './fault.js';
import { SERVICE, SERVICE_SETTINGS } from './nodes.js';
import { startNode, stopNode } from './restart-nodes.js';
import { checkStartedHere } from './started-here.js';

/** Compiled code, and what it says it is. */
export interface Build {
  readonly codeDigest: string;
  readonly version: string;
  /** the chaincode service's program */
  readonly service: string;
}

export const THIS_BUILD: Build = { codeDigest: CODE_DIGEST, version: CHAINCODE_VERSION, service: SERVICE };

/** What a peer says whose private data are gone: which package it had approved is asked for in vain. */
const REBUILT = /private data matching public hash version is not available/;

/** The package's id. */
async function installBuild(network: Network, member: Member, { codeDigest, version }: Build): Promise<string> {
  const { bytes, id } = chaincodePackage(codeDigest, version);
  const { chaincodePackage: file } = networkPaths(network.root);
  writeWhole(file, bytes, 0o644);
  await installChaincode(network, member, id);
  return id;
}

/** Installs and starts a build in one province, and approves it there. The three others endorse meanwhile. @throws NetworkFault */
export async function upgradeProvince(network: Network, member: Member, build: Build = THIS_BUILD): Promise<void> {
  await checkStartedHere(network.root, member, 'chaincode');
  const present = await committedChaincode(network, member);
  if (!present) throw new NetworkFault('the channel has no chaincode yet: npm run network -- up goes on where it was');
  const id = await installBuild(network, member, build);
  try {
    await approveChaincode(network, member, present, id);
  } catch (error) {
    if (!(error instanceof NetworkFault) || !REBUILT.test(error.message)) throw error;
    throw new NetworkFault(
      `${member.peerName} was rebuilt, and its earlier approval was private to it: it takes the new code with the channel’s next definition (npm run network -- upgrade --finish)`,
    );
  }
  await startBuild(network, member, build, id);
}

function serviceOf(network: Network, member: Member): { settings: string; service: ServiceSettings } {
  const settings = join(provincePaths(network.root, member.province.slug).chaincode, SERVICE_SETTINGS);
  return { settings, service: JSON.parse(readFileSync(settings, 'utf8')) as ServiceSettings };
}

async function startBuild(network: Network, member: Member, build: Build, id: string): Promise<void> {
  await checkStartedHere(network.root, member, 'chaincode');
  const { settings, service } = serviceOf(network, member);
  writeWhole(settings, `${JSON.stringify({ ...service, packageId: id }, null, 2)}\n`, 0o644);
  await stopNode(network, member, 'chaincode');
  await startNode(network, member, 'chaincode', build.service);
}

/** A peer that was rebuilt cannot approve again what its province approved, and need not: it knows it by the hashes. */
async function approveOnce(network: Network, member: Member, definition: Committed, id: string): Promise<void> {
  if (await isApproved(network, member, definition, id)) return;
  try {
    await approveChaincode(network, member, definition, id);
  } catch (error) {
    if (!(error instanceof NetworkFault) || !REBUILT.test(error.message)) throw error;
  }
}

/**
 * Gives the channel's definition the new version, as soon as as many provinces approved it as have to endorse it; a
 * province of this folder that does not run the build yet changes with it.
 * @returns MSP ids of the provinces of whose approvals one more makes it; none when the channel has it
 * @throws NetworkFault
 */
export async function finishUpgrade(network: Network, build: Build = THIS_BUILD): Promise<readonly string[]> {
  const { operated, definition } = network;
  const [first] = operated;
  const present = first && (await committedChaincode(network, first));
  if (!present) throw new NetworkFault('the channel has no chaincode yet: npm run network -- up goes on where it was');
  const [id = ''] = await Promise.all(operated.map((member) => installBuild(network, member, build)));
  const isNew = present.version !== build.version;
  const wanted = isNew ? { version: build.version, sequence: present.sequence + 1 } : present;
  await Promise.all(operated.map((member) => approveOnce(network, member, wanted, id)));
  const given = isNew && (await approvals(network, first, wanted));
  if (given) {
    const approved = definition.members.filter(({ province }) => given[province.mspId]);
    if (approved.length < ENDORSEMENTS_REQUIRED)
      return definition.members.filter((member) => !approved.includes(member)).map(({ province }) => province.mspId);
    await commitDefinition(network, first, wanted, approved);
  }
  const late = operated.filter((member) => serviceOf(network, member).service.packageId !== id);
  for (const member of late) await startBuild(network, member, build, id);
  return [];
}
