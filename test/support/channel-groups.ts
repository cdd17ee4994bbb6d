/** A channel's configuration with the policies that our network has, as bytes, and updates of it. */
import { encodeIdentity } from '../../network/format/identity.js';
import { MessageWriter } from '../../network/format/wire.js';
import type { AuthorityMaterial } from '../../network/identity/authority.js';
import type { Orderer } from './bft-chain.js';

export interface Item {
  readonly version?: number;
  readonly content: Buffer;
  readonly modPolicy: string;
}

export interface Group {
  readonly version?: number;
  readonly groups?: Readonly<Record<string, Group>>;
  readonly values?: Readonly<Record<string, Item>>;
  readonly policies?: Readonly<Record<string, Item>>;
  readonly modPolicy: string;
}

const ROLES = ['member', 'admin', 'client', 'peer', 'orderer'];
const UNITS = ['client', 'peer', 'admin', 'orderer'];

function entry(name: string, value: MessageWriter): MessageWriter {
  return new MessageWriter().text(1, name).message(2, value);
}

export function encodeGroup({ version = 0, groups = {}, values = {}, policies = {}, modPolicy }: Group): MessageWriter {
  const writer = new MessageWriter().integer(1, version);
  for (const [name, group] of Object.entries(groups)) writer.message(2, entry(name, encodeGroup(group)));
  for (const [field, items] of [
    [3, values],
    [4, policies],
  ] as const)
    for (const [name, item] of Object.entries(items)) {
      const one = new MessageWriter()
        .integer(1, item.version ?? 0)
        .bytes(2, item.content)
        .text(3, item.modPolicy);
      writer.message(field, entry(name, one));
    }
  return writer.text(5, modPolicy);
}

function signedBy(needed: number, principals: readonly MessageWriter[]): Item {
  const rules = new MessageWriter().integer(1, needed);
  for (const index of principals.keys()) rules.item(2, Buffer.from([8, index]));
  const envelope = new MessageWriter().message(2, new MessageWriter().message(2, rules));
  for (const principal of principals) envelope.message(3, principal);
  return { content: new MessageWriter().integer(1, 1).message(2, envelope).finish(), modPolicy: 'AllProvinces' };
}

const role = (mspId: string, name: string) =>
  new MessageWriter().bytes(2, new MessageWriter().text(1, mspId).integer(2, ROLES.indexOf(name)).finish());
const identity = ({ signer }: Orderer) => new MessageWriter().integer(1, 2).bytes(2, encodeIdentity(signer));

function ofMembers(name: string, count: 'any' | 'all' | 'majority'): Item {
  const meta = new MessageWriter().text(1, name).integer(2, ['any', 'all', 'majority'].indexOf(count));
  return { content: new MessageWriter().integer(1, 3).message(2, meta).finish(), modPolicy: 'AllProvinces' };
}

export function mspItem({ mspId, certificate }: AuthorityMaterial, revocations: readonly string[] = []): Item {
  const units = new MessageWriter().integer(1, 1);
  for (const [index, unit] of UNITS.entries()) units.message(index + 2, new MessageWriter().text(2, unit));
  const msp = new MessageWriter().text(1, mspId).bytes(2, Buffer.from(certificate));
  for (const list of revocations) msp.bytes(5, Buffer.from(list));
  return { content: new MessageWriter().bytes(2, msp.message(11, units).finish()).finish(), modPolicy: 'Admins' };
}

export function orderersItem(orderers: readonly Orderer[]): Item {
  const writer = new MessageWriter();
  for (const { id, signer } of orderers)
    writer.message(1, new MessageWriter().integer(1, id).text(4, signer.mspId).text(5, signer.certificate));
  return { content: writer.finish(), modPolicy: 'AllProvinces' };
}

export function quorumItem(orderers: readonly Orderer[]): Item {
  return signedBy(3, orderers.map(identity));
}

/** As `network/definition` makes it, as far as an audit looks. */
export function channelGroup(authorities: readonly AuthorityMaterial[], orderers: readonly Orderer[]): Group {
  const organisations = Object.fromEntries(
    authorities.map((authority): [string, Group] => {
      const policies = { Admins: signedBy(1, [role(authority.mspId, 'admin')]) };
      return [authority.mspId, { values: { MSP: mspItem(authority) }, policies, modPolicy: 'Admins' }];
    }),
  );
  const both = { Admins: ofMembers('Admins', 'majority'), AllProvinces: ofMembers('Admins', 'all') };
  const endorsement = signedBy(
    3,
    authorities.map(({ mspId }) => role(mspId, 'peer')),
  );
  const application = {
    groups: organisations,
    policies: { ...both, Endorsement: endorsement, LifecycleEndorsement: endorsement },
    modPolicy: 'AllProvinces',
  };
  const orderer = {
    groups: organisations,
    values: { BatchSize: { content: Buffer.from([8, 10]), modPolicy: 'Admins' }, Orderers: orderersItem(orderers) },
    policies: { ...both, BlockValidation: quorumItem(orderers) },
    modPolicy: 'AllProvinces',
  };
  const policies = { AllProvinces: ofMembers('AllProvinces', 'all') };
  return { groups: { Application: application, Orderer: orderer }, policies, modPolicy: 'AllProvinces' };
}

/** What is put in a group, under the names on the way to it. */
export interface Change {
  readonly path: readonly string[];
  readonly values?: Readonly<Record<string, Item>>;
  readonly policies?: Readonly<Record<string, Item>>;
}

type Merge = (group: Group, change: Change) => Group;

const next = (items: Readonly<Record<string, Item>> = {}, changed: Readonly<Record<string, Item>> = {}) =>
  Object.fromEntries(
    Object.entries(changed).map(([name, item]) => [name, { ...item, version: (items[name]?.version ?? 0) + 1 }]),
  );

/** The group with a change in it, each changed thing one version on. */
export const changed: Merge = (group, { path, values, policies }) => {
  const [name, ...rest] = path;
  if (name === undefined)
    return {
      ...group,
      values: { ...group.values, ...next(group.values, values) },
      policies: { ...group.policies, ...next(group.policies, policies) },
    };
  const below = group.groups?.[name] as Group;
  const change = { path: rest, ...(values ? { values } : {}), ...(policies ? { policies } : {}) };
  return { ...group, groups: { ...group.groups, [name]: changed(below, change) } };
};

/** Of a group only the way to a change, with the change in it or, to be read, without. */
function onlyChange(group: Group, { path, values, policies }: Change): Group {
  const [name, ...rest] = path;
  const bare = { version: group.version ?? 0, modPolicy: group.modPolicy };
  if (name === undefined) return { ...bare, values: next(group.values, values), policies: next(group.policies, policies) };
  const change = { path: rest, ...(values ? { values } : {}), ...(policies ? { policies } : {}) };
  return { ...bare, groups: { [name]: onlyChange(group.groups?.[name] as Group, change) } };
}

/** `common.ConfigUpdate` of several changes of one channel. */
export function encodeUpdate(channel: string, group: Group, changes: readonly Change[]): Buffer {
  const merge = (left: Group, right: Group): Group => ({
    ...left,
    values: { ...left.values, ...right.values },
    policies: { ...left.policies, ...right.policies },
    groups: Object.fromEntries(
      [...new Set([...Object.keys(left.groups ?? {}), ...Object.keys(right.groups ?? {})])].map((name) => {
        const [one, other] = [left.groups?.[name], right.groups?.[name]];
        return [name, one && other ? merge(one, other) : ((one ?? other) as Group)];
      }),
    ),
  });
  const sets = (withChange: boolean) =>
    changes.map((change) => onlyChange(group, withChange ? change : { path: change.path })).reduce(merge);
  return new MessageWriter()
    .text(1, channel)
    .message(2, encodeGroup(sets(false)))
    .message(3, encodeGroup(sets(true)))
    .finish();
}
