/** `network.json`: that a folder is a network's, of which members and definition, and whether it was made to the end. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { channelConfiguration } from '../definition/channel-configuration.js';
import {
  type Definition,
  type DefinitionInput,
  defineNetwork,
  type Member,
  ordererAddress,
  peerAddress,
} from '../definition/definition.js';
import { networkPaths, provincePaths } from '../definition/network-folder.js';
import { ordererSettings } from '../definition/orderer-settings.js';
import { peerSettings } from '../definition/peer-settings.js';
import { partialOf, writeWhole } from '../identity/files.js';
import { NetworkFault } from './fault.js';

export const NETWORK_FORMAT = 'yrd-network/1';

export interface NetworkRecord {
  readonly format: typeof NETWORK_FORMAT;
  readonly definition: DefinitionInput;
  /** slug of the one province whose keys and processes are here; all four without */
  readonly home?: string;
  /** who the members are and where, one each; records of earlier builds are without */
  readonly members?: readonly string[];
  /** SHA-256 over the settings that were generated from the definition: another build's are noticed */
  readonly settings: string;
  readonly complete: boolean;
}

/** What the definition generates, whatever the folder is called. */
function settingsDigest(definition: Definition): string {
  const nodes = definition.members.map((member) => [ordererSettings(member), peerSettings(member)]);
  const all = [channelConfiguration(definition, '/', '/channel'), nodes];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

function membersOf({ members }: Definition): readonly string[] {
  return members.map((member) => `${member.province.mspId} ${ordererAddress(member)} ${peerAddress(member)}`);
}

/** Of a record without members the folder tells whose it is. */
function hasMembers(root: string, { members }: NetworkRecord, definition: Definition): boolean {
  if (members) return members.join() === membersOf(definition).join();
  return definition.members.every(({ province }) => existsSync(provincePaths(root, province.slug).msp));
}

export function writeRecord(root: string, input: DefinitionInput, complete: boolean, home?: string): void {
  const definition = defineNetwork(input);
  const record: NetworkRecord = {
    format: NETWORK_FORMAT,
    definition: input,
    ...(home === undefined ? {} : { home }),
    members: membersOf(definition),
    settings: settingsDigest(definition),
    complete,
  };
  writeWhole(networkPaths(root).record, `${JSON.stringify(record, null, 2)}\n`, 0o644);
}

/** Whether a making was broken off before anything but an unfinished record was written. */
export function isBarelyBegun(root: string): boolean {
  const names = readdirSync(root);
  const partial = basename(partialOf(networkPaths(root).record));
  return names.includes(partial) && names.every((name) => name === partial || name === basename(networkPaths(root).lock));
}

const CLEAN = (root: string) => `npm run network -- clean --folder ${root}`;

/**
 * What the folder is; undefined when there is none or it is empty.
 * @throws NetworkFault for a folder of something else, of another version, or made by half
 */
export function readRecord(root: string): NetworkRecord | undefined {
  const { record: file } = networkPaths(root);
  if (!existsSync(file)) {
    if (!existsSync(root) || readdirSync(root).every((name) => name === 'lock') || isBarelyBegun(root)) return undefined;
    throw new NetworkFault(`${root} is not empty and no network's folder: name another with --folder`);
  }
  let record: NetworkRecord;
  try {
    record = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new NetworkFault(`${file} is damaged: restore it from a backup, or remove the network with ${CLEAN(root)}`);
  }
  if (record.format !== NETWORK_FORMAT)
    throw new NetworkFault(
      `${root} is a network of format ${record.format}, this build knows ${NETWORK_FORMAT}: run the build that made it, or take another --folder`,
    );
  return record;
}

/** The folder's definition. @throws NetworkFault when it was not made to the end, has other members, or is on other ports */
export function definitionOf(root: string, record: NetworkRecord, basePort: number | undefined): Definition {
  if (!record.complete)
    throw new NetworkFault(`${root} was not made to the end: remove it with ${CLEAN(root)}, then run up again`);
  if (basePort !== undefined && basePort !== record.definition.basePort)
    throw new NetworkFault(
      `the network in ${root} is on the ports from ${record.definition.basePort}, not ${basePort}: leave --ports away, or take another --folder`,
    );
  const definition = defineNetwork(record.definition);
  if (!hasMembers(root, record, definition))
    throw new NetworkFault(`${root} is a network of other members than this build's: run the build that made it`);
  return definition;
}

/** In a line, that this build would give nodes or channel other settings than they have; undefined when it would not. */
export function otherSettings(root: string): string | undefined {
  const record = readRecord(root);
  if (!record?.complete || settingsDigest(defineNetwork(record.definition)) === record.settings) return undefined;
  return `${root} was made with other settings than this build's, and goes on with them: npm run network -- settings writes this build's`;
}

/** The provinces whose processes are operated from this folder. */
export function operatedBy({ home }: NetworkRecord, { members }: Definition): readonly Member[] {
  return home === undefined ? members : members.filter(({ province }) => province.slug === home);
}
