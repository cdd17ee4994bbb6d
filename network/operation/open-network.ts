/** The network of a folder, for a command that works on one that is there. */
import type { Member } from '../definition/definition.js';
import type { Network } from './commands.js';
import { NetworkFault } from './fault.js';
import { definitionOf, operatedBy, readRecord } from './network-record.js';
import { findPrograms } from './programs.js';

/** @throws NetworkFault when the folder is no network's, or a program is missing */
export function openNetwork(root: string): Network {
  const record = readRecord(root);
  if (!record) throw new NetworkFault(`there is no network in ${root}: npm run network -- up makes one`);
  const definition = definitionOf(root, record, undefined);
  return { root, definition, operated: operatedBy(record, definition), programs: findPrograms() };
}

/** A province whose keys and processes are in this folder. @throws NetworkFault */
export function operatedMember(network: Network, slug: string): Member {
  const member = memberOf(network, slug);
  if (network.operated.includes(member)) return member;
  throw new NetworkFault(
    `${network.root} has no key of ${slug}, and nothing was done: give the command in that province's folder`,
  );
}

/** @throws NetworkFault naming the provinces that there are */
export function memberOf({ definition }: Network, slug: string): Member {
  const found = definition.members.find(({ province }) => province.slug === slug);
  if (found) return found;
  const names = definition.members.map(({ province }) => province.slug).join(', ');
  throw new NetworkFault(`${slug} is no province of this network: name one of ${names}`);
}
