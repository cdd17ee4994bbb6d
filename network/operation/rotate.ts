/**
 * Certificates renewed or keys replaced, one node at a time. Under the same key a new certificate is a
 * province's own affair. What stands in the channel's configuration (an orderer's identity and its TLS
 * certificate) is changed there first, by all four administrators, because consenters know one another by it.
 */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Member } from '../definition/definition.js';
import { NODE_DAYS } from '../definition/limits.js';
import { provincePaths } from '../definition/network-folder.js';
import { generateKeyPair, issueCertificate, type KeyPair } from '../identity/authority.js';
import { readAuthority, writeWhole } from '../identity/files.js';
import { type ChannelConfig, updateChannel } from './channel-update.js';
import type { Network } from './commands.js';
import { NetworkFault } from './fault.js';
import { restartNode } from './restart-nodes.js';

export const ROTATIONS = ['peer', 'peer-tls', 'orderer', 'orderer-new-key', 'orderer-tls'] as const;
export type Rotation = (typeof ROTATIONS)[number];

interface Files {
  readonly key: string;
  readonly certificate: string;
}

export interface Renewed extends Files {
  readonly privateKey: string;
  /** the new certificate, PEM */
  readonly after: string;
}

export function identityFiles(folder: string): Files {
  return { key: join(folder, 'msp/keystore/key.pem'), certificate: join(folder, 'msp/signcerts/certificate.pem') };
}

export function tlsFiles(folder: string): Files {
  return { key: join(folder, 'tls/key.pem'), certificate: join(folder, 'tls/certificate.pem') };
}

function keysIn(file: string): KeyPair {
  const privateKey = readFileSync(file, 'utf8');
  return { privateKey, publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() };
}

/** Issues anew what a node has, without writing it. */
export async function renew(
  { root }: Network,
  { province, host, ...member }: Member,
  role: 'peer' | 'orderer',
  kind: 'identity' | 'tls',
  newKey: boolean,
): Promise<Renewed> {
  const paths = provincePaths(root, province.slug);
  const files = kind === 'tls' ? tlsFiles(paths[role]) : identityFiles(paths[role]);
  const { privateKey, publicKey } = newKey ? await generateKeyPair() : keysIn(files.key);
  const authority = readAuthority(kind === 'tls' ? paths.tlsCa : paths.ca, province.mspId);
  const commonName = role === 'peer' ? member.peerName : member.ordererName;
  const names = [...new Set([commonName, host, '127.0.0.1', 'localhost'])];
  const request = {
    commonName,
    unit: role,
    publicKey,
    days: NODE_DAYS,
    now: Date.now(),
    ...(kind === 'tls' && { tlsNames: names }),
  };
  const after = await issueCertificate(authority, request);
  return { ...files, privateKey, after };
}

export function put({ key, certificate, privateKey, after }: Renewed): void {
  writeWhole(key, privateKey, 0o600);
  writeWhole(certificate, after, 0o644);
}

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

/** @throws NetworkFault */
export async function rotate(network: Network, member: Member, rotation: Rotation): Promise<void> {
  const role = rotation.startsWith('peer') ? 'peer' : 'orderer';
  const kind = rotation.endsWith('-tls') ? 'tls' : 'identity';
  const renewed = await renew(network, member, role, kind, rotation !== 'orderer');
  if (role === 'orderer' && rotation !== 'orderer')
    await updateChannel(network, allSigners(network, member), (config) => {
      changeConsenter(config, member, kind === 'identity' ? renewed : undefined, kind === 'tls' ? renewed : undefined);
    });
  put(renewed);
  await restartNode(network, member, role);
}
