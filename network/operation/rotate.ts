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
import { type ChannelConfig, updateChannel } from './channel-update.js';
import type { Network } from './commands.js';
import { NetworkFault } from './fault.js';
import { put, type Renewed, renew, renewReader } from './renewal.js';
import { restartNode, startNode, stopNode } from './restart-nodes.js';

export const ROTATIONS = [
  'peer',
  'peer-tls',
  'orderer',
  'orderer-new-key',
  'orderer-tls',
  'chaincode',
  'admin',
  'reader',
] as const;
export type Rotation = (typeof ROTATIONS)[number];

interface Consenter {
  msp_id: string;
  identity: string;
  client_tls_cert: string;
  server_tls_cert: string;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

interface BlockPolicy {
  identities: { principal: { mspid: string; id_bytes: string } }[];
}

/**
 * Puts a province's consenter under other certificates, and the policy that blocks are checked by with it:
 * that policy names the four identities one by one, and orderers refuse an update in which both differ.
 * @throws NetworkFault when the configuration has no such consenter
 */
export function changeConsenter(config: ChannelConfig, { province: { mspId } }: Member, identity?: Renewed, tls?: Renewed): void {
  const orderer = config.channel_group.groups.Orderer;
  const mapping = orderer?.values.Orderers?.value.consenter_mapping as Consenter[] | undefined;
  const policy = orderer?.policies.BlockValidation?.policy.value as unknown as BlockPolicy | undefined;
  const consenter = mapping?.find(({ msp_id }) => msp_id === mspId);
  if (!consenter || !policy) throw new NetworkFault(`the channel's configuration has no consenter of ${mspId}`);
  if (tls) consenter.client_tls_cert = consenter.server_tls_cert = base64(tls.after);
  if (!identity) return;
  consenter.identity = base64(identity.after);
  const named = policy.identities.find(({ principal }) => principal.mspid === mspId);
  if (!named) throw new NetworkFault(`BlockValidation does not name the orderer of ${mspId}: see network/runbooks`);
  named.principal.id_bytes = base64(identity.after);
}

/** All four administrators, the province's own first. */
export function allSigners({ definition }: Network, first: Member): [Member, ...Member[]] {
  return [first, ...definition.members.filter((member) => member !== first)];
}

async function rotateOrderer(network: Network, member: Member, kind: 'identity' | 'tls'): Promise<void> {
  const renewed = await renew(network, member, 'orderer', kind, true);
  await updateChannel(network, allSigners(network, member), (config) => {
    changeConsenter(config, member, kind === 'identity' ? renewed : undefined, kind === 'tls' ? renewed : undefined);
  });
  put(renewed);
}

/** The service's key and the one that its peer shows it; the peer keeps the latter with what it built of the package. */
async function rotateChaincodeLink(network: Network, member: Member): Promise<void> {
  const { province } = member;
  const paths = provincePaths(network.root, province.slug);
  const authorities = { enrolment: readAuthority(paths.ca, province.mspId), tls: readAuthority(paths.tlsCa, province.mspId) };
  await stopNode(network, member, 'peer');
  await stopNode(network, member, 'chaincode');
  await makeChaincodeLink(paths, authorities, member, Date.now());
  writeConnection(network.root, member);
  rmSync(join(paths.peer, 'ledger/externalbuilder'), { recursive: true, force: true });
  await startNode(network, member, 'chaincode');
  await startNode(network, member, 'peer');
}

/** With a new key, but for `orderer`, which keeps its own. @throws NetworkFault */
export async function rotate(network: Network, member: Member, rotation: Rotation): Promise<void> {
  switch (rotation) {
    case 'peer':
    case 'peer-tls':
      put(await renew(network, member, 'peer', rotation === 'peer' ? 'identity' : 'tls', true));
      return restartNode(network, member, 'peer');
    case 'orderer':
      put(await renew(network, member, 'orderer', 'identity', false));
      return restartNode(network, member, 'orderer');
    case 'orderer-new-key':
    case 'orderer-tls':
      await rotateOrderer(network, member, rotation === 'orderer-tls' ? 'tls' : 'identity');
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
