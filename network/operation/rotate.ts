/**
 * Certificates renewed or keys replaced, one node at a time. Under the same key a new certificate is a
 * province's own affair. What stands in the channel's configuration (an orderer's identity and its TLS
 * certificate) is changed there first, by all four administrators, because consenters know one another by it.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from '../definition/definition.js';
import { makeChaincodeLink } from '../definition/identities.js';
import { provincePaths } from '../definition/network-folder.js';
import { writeConnection } from '../definition/node-files.js';
import { readAuthority } from '../identity/files.js';
import { findChange, updateChannel } from './channel-update.js';
import { checkSigners, type Network } from './commands.js';
import { NetworkFault } from './fault.js';
import { allSigners, prepareKeys } from './orderer-keys.js';
import { type OrdererKind, put, renew, renewReader } from './renewal.js';
import { restartNode, startNode, stopNode } from './restart-nodes.js';
import { checkStartedHere } from './started-here.js';
import { type Written, writeUpdate } from './update-file.js';

export const ROTATIONS = [
  'peer',
  'peer-tls',
  'orderer',
  'orderer-new-key',
  'orderer-tls',
  'orderer-tls-same-key',
  'chaincode',
  'admin',
  'reader',
] as const;
export type Rotation = (typeof ROTATIONS)[number];
type Alone = Exclude<Rotation, 'orderer-new-key' | 'orderer-tls'>;

async function rotateOrderer(network: Network, member: Member, kind: OrdererKind, update?: string): Promise<Written | undefined> {
  const keys = await prepareKeys(network, member, [kind], update);
  if (update !== undefined) return writeUpdate(network, member, keys.change, update);
  const signers = allSigners(network, member);
  const isNamed = (await findChange(network, member, keys.change)) !== undefined;
  if (!isNamed) checkSigners(network, signers);
  await checkStartedHere(network.root, member, 'orderer');
  if (!isNamed) await updateChannel(network, signers, keys.change);
  keys.put();
  await restartNode(network, member, 'orderer');
  return undefined;
}

/** The service's key and the one that its peer shows it; the peer keeps the latter with what it built of the package. */
async function rotateChaincodeLink(network: Network, member: Member): Promise<void> {
  const { province } = member;
  const paths = provincePaths(network.root, province.slug);
  const authorities = { enrolment: readAuthority(paths.ca, province.mspId), tls: readAuthority(paths.tlsCa, province.mspId) };
  await checkStartedHere(network.root, member, 'peer', 'chaincode');
  await stopNode(network, member, 'peer');
  await stopNode(network, member, 'chaincode');
  await makeChaincodeLink(paths, authorities, member, Date.now());
  writeConnection(network.root, member);
  rmSync(join(paths.peer, 'ledger/externalbuilder'), { recursive: true, force: true });
  await startNode(network, member, 'chaincode');
  await startNode(network, member, 'peer');
}

/**
 * With a new key, but for `orderer` and `orderer-tls-same-key`, which keep their own.
 * @param update the file for an update that four provinces sign on their own hosts
 * @returns what the update changes, where one was written
 * @throws NetworkFault
 */
export async function rotate(
  network: Network,
  member: Member,
  rotation: Rotation,
  update?: string,
): Promise<Written | undefined> {
  if (rotation === 'orderer-new-key') return rotateOrderer(network, member, 'identity', update);
  if (rotation === 'orderer-tls') return rotateOrderer(network, member, 'tls', update);
  if (update !== undefined)
    throw new NetworkFault(`${rotation} changes nothing in the channel, nobody else signs it: leave --update away`);
  await rotateAlone(network, member, rotation);
  return undefined;
}

async function rotateAlone(network: Network, member: Member, rotation: Alone): Promise<void> {
  switch (rotation) {
    case 'peer':
    case 'peer-tls':
      await checkStartedHere(network.root, member, 'peer');
      put(await renew(network, member, 'peer', rotation === 'peer' ? 'identity' : 'tls', true));
      return restartNode(network, member, 'peer');
    case 'orderer':
    case 'orderer-tls-same-key':
      await checkStartedHere(network.root, member, 'orderer');
      put(await renew(network, member, 'orderer', rotation === 'orderer' ? 'identity' : 'tls', false));
      return restartNode(network, member, 'orderer');
    case 'chaincode':
      return rotateChaincodeLink(network, member);
    case 'admin':
      for (const kind of ['identity', 'tls'] as const) put(await renew(network, member, 'admin', kind, true));
      return;
    case 'reader':
      return put(await renewReader(network, member));
  }
}
