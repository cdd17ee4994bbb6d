/** The connection profiles: one for each province's operator, and one that holds all four for development. */
import { join, relative } from 'node:path';
import { CHAINCODE_NAME, CHANNEL } from '../channel.js';
import { type FabricProfile, PROFILE_FORMAT } from '../fabric/profile.js';
import { writeWhole } from '../identity/files.js';
import { type Definition, type Member, ordererAddress, peerAddress } from './definition.js';
import { networkPaths, provincePaths } from './network-folder.js';

export const DEVELOPMENT_PROFILE = 'development';

/** @param folder where the profile will be; its paths are relative to it @param operated whose authorities are at hand */
export function profileOf(
  definition: Definition,
  root: string,
  folder: string,
  home: Member,
  operated: readonly Member[],
): FabricProfile {
  const paths = (member: Member) => provincePaths(root, member.province.slug);
  const from = (path: string) => relative(folder, path);
  return {
    format: PROFILE_FORMAT,
    channel: CHANNEL,
    chaincode: CHAINCODE_NAME,
    home: home.province.code,
    provinces: definition.members.map((member) => ({
      code: member.province.code,
      mspId: member.province.mspId,
      roots: [from(join(paths(member).msp, 'cacerts/root.pem'))],
      tlsRoots: [from(join(paths(member).msp, 'tlscacerts/root.pem'))],
      peer: { address: peerAddress(member), tlsName: member.peerName },
      orderer: { address: ordererAddress(member), tlsName: member.ordererName },
    })),
    authorities: Object.fromEntries(operated.map((member) => [member.province.code, from(paths(member).ca)])),
    reader: from(paths(home).reader),
    wallet: from(networkPaths(root).wallet),
  };
}

function write(file: string, profile: FabricProfile): void {
  writeWhole(file, `${JSON.stringify(profile, null, 2)}\n`, 0o644);
}

/** A province's own. */
export function writeProfile(definition: Definition, root: string, member: Member): void {
  const { profiles } = networkPaths(root);
  write(join(profiles, `${member.province.slug}.json`), profileOf(definition, root, profiles, member, [member]));
}

export function writeProfiles(definition: Definition, root: string): void {
  const { profiles } = networkPaths(root);
  for (const member of definition.members) writeProfile(definition, root, member);
  const [first] = definition.members;
  if (first)
    write(join(profiles, `${DEVELOPMENT_PROFILE}.json`), profileOf(definition, root, profiles, first, definition.members));
}
