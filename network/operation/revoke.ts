/**
 * Revocation: a certificate's serial on its authority's list (CRL), in the channel's configuration, where
 * every peer and orderer takes it from. The second line: the first is the agency's record on the ledger,
 * which holds from the next block. A province revokes its own and nobody else's; its administrator alone signs.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Member } from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { readAuthority } from '../identity/files.js';
import { issueRevocations, revocationsOf } from '../identity/revocation.js';
import { certificateFiles } from '../identity/wallet.js';
import { readConfig, updateChannel } from './channel-update.js';
import type { Network } from './commands.js';
import type { ChannelConfig } from './configtxlator.js';
import { NetworkFault } from './fault.js';

/** A member stands among the organisations of applications and of orderers, with equal MSPs in both. */
const GROUPS = ['Application', 'Orderer'] as const;

function mspOf(config: ChannelConfig, group: (typeof GROUPS)[number], mspId: string): { revocation_list?: string[] } {
  const value = config.channel_group.groups[group]?.groups[mspId]?.values.MSP?.value;
  if (!value) throw new NetworkFault(`the channel's configuration has no ${mspId} in ${group}: it is not this network's`);
  return value.config as { revocation_list?: string[] };
}

function revokedIn(config: ChannelConfig, mspId: string): readonly string[] {
  const lists = mspOf(config, 'Application', mspId).revocation_list ?? [];
  return lists.flatMap((list) => revocationsOf(Buffer.from(list, 'base64').toString('utf8')));
}

/**
 * Puts certificates (PEM) on their province's list; those that are on it stay.
 * @throws NetworkFault when another authority issued one, or the channel refuses the change
 */
export async function revokeCertificates(network: Network, member: Member, certificates: readonly string[]): Promise<void> {
  const { mspId, slug } = member.province;
  const authority = readAuthority(provincePaths(network.root, slug).ca, mspId);
  const { publicKey } = new X509Certificate(authority.certificate);
  const revoked = certificates.map((pem) => new X509Certificate(pem));
  if (!revoked.every((certificate) => certificate.verify(publicKey)))
    throw new NetworkFault(`the certificate is not of ${mspId}'s authority: only the province that issued it revokes it`);
  const before = revokedIn(await readConfig(network, member), mspId);
  const serials = [...new Set([...before, ...revoked.map(({ serialNumber }) => serialNumber.toLowerCase())])];
  const list = Buffer.from(await issueRevocations(authority, serials, Date.now())).toString('base64');
  await updateChannel(network, [member], (config) => {
    for (const group of GROUPS) mspOf(config, group, mspId).revocation_list = [list];
  });
}

/** Revokes all certificates that the wallet has for an agency, of whichever of its keys. @throws NetworkFault */
export async function revokeAgency(network: Network, agencyId: string): Promise<Member> {
  const { wallet } = networkPaths(network.root);
  for (const member of network.definition.members) {
    const files = certificateFiles(wallet, { agencyId, province: member.province.code });
    if (files.length === 0) continue;
    await revokeCertificates(
      network,
      member,
      files.map((file) => readFileSync(file, 'utf8')),
    );
    return member;
  }
  throw new NetworkFault(`the wallet has no certificate of ${agencyId}: name its file with --certificate and --province`);
}
