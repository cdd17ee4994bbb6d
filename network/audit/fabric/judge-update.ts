/**
 * Whether a configuration update was the members' to make: each thing that it changes, signed for as the policy asks
 * that governed it before, and the new configuration exactly what the update makes of the old one.
 */
import { type ConfigGroup, configurationIn, decodeConfigGroup, decodeConfiguration } from '../../format/configuration.js';
import { decodeEnvelope } from '../../format/envelope.js';
import { decodeSignatureHeader } from '../../format/header.js';
import { FormatError, MessageReader } from '../../format/wire.js';
import type { ChannelInForce } from '../../identity/in-force.js';
import { type Member, verifyMember } from '../../identity/msp.js';
import { satisfies } from '../../identity/policy.js';
import { atPath } from './definition.js';

interface Element {
  readonly version: number;
  readonly modPolicy: string;
  /** of a value or a policy its bytes; of a group the names of what is in it */
  readonly content: string;
  /** names of the groups on the way to what governs it */
  readonly path: readonly string[];
}

type Elements = ReadonlyMap<string, Element>;

/** Every group, value and policy below a group by a name of its own. */
function elementsOf(group: ConfigGroup, path: readonly string[] = [], into = new Map<string, Element>()): Map<string, Element> {
  const { version, modPolicy, groups, values, policies } = group;
  const content = [groups, values, policies].map((some) => [...some.keys()].sort().join()).join('|');
  into.set(`group ${path.join('/')}`, { version, modPolicy, content, path });
  for (const [kind, items] of [
    ['value', values],
    ['policy', policies],
  ] as const)
    for (const [name, item] of items)
      into.set(`${kind} ${[...path, name].join('/')}`, { ...item, content: item.content.toString('base64'), path });
  for (const [name, below] of groups) elementsOf(below, [...path, name], into);
  return into;
}

function groupAt(root: ConfigGroup, path: readonly string[]): ConfigGroup | undefined {
  return path.reduce<ConfigGroup | undefined>((group, name) => group?.groups.get(name), root);
}

function isGoverned(root: ConfigGroup, { modPolicy, path }: Element, signers: readonly Member[]): boolean {
  if (modPolicy.startsWith('/')) return atPath(root, modPolicy, signers);
  const group = groupAt(root, path);
  return group !== undefined && satisfies(group, modPolicy, signers);
}

interface Update {
  readonly channel: string;
  readonly read: Elements;
  readonly write: Elements;
}

async function signersOf(channel: ChannelInForce, signed: MessageReader): Promise<Member[]> {
  const update = signed.bytes(1);
  const members = await Promise.all(
    signed.all(2).map(async (bytes) => {
      const entry = new MessageReader(bytes);
      const header = entry.bytes(1);
      const member = channel.membership.member(decodeSignatureHeader(header).creator);
      return member && (await verifyMember(member, Buffer.concat([header, update]), entry.bytes(2))) ? member : undefined;
    }),
  );
  return [...new Set(members.filter((member) => member !== undefined))];
}

/** What the update writes and did not only read. */
function changesOf({ read, write }: Update): Map<string, Element> {
  return new Map([...write].filter(([name, { version }]) => read.get(name)?.version !== version));
}

function fault(root: ConfigGroup, before: Elements, update: Update, signers: readonly Member[]): string | undefined {
  for (const [name, { version }] of update.read)
    if (before.get(name)?.version !== version) return `it was made for another version of ${name}`;
  const changes = changesOf(update);
  if (changes.size === 0) return 'it changes nothing';
  for (const [name, { version }] of changes) {
    const old = before.get(name);
    if (version !== (old ? old.version + 1 : 0)) return `it gives ${name} version ${version}, which does not follow`;
    if (old && !isGoverned(root, old, signers))
      return `${old.modPolicy} did not sign for ${name}: ${signers.map(({ mspId, unit }) => `${mspId}.${unit}`).join(', ') || 'nobody'} did`;
  }
  return undefined;
}

/** The first element that is another in the new configuration than the update makes it. */
function otherElement(before: Elements, update: Update, after: Elements): string | undefined {
  const made = new Map([...before, ...changesOf(update)]);
  const text = (element: Element | undefined) => element && `${element.version} ${element.modPolicy} ${element.content}`;
  return [...after].find(([name, element]) => text(element) !== text(made.get(name)))?.[0];
}

/** @returns what is wrong with a configuration block's envelope; undefined when nothing */
export async function updateFault(channel: ChannelInForce, envelope: Uint8Array): Promise<string | undefined> {
  try {
    if (!configurationIn({ data: [envelope] })) throw new FormatError('no configuration');
    const next = decodeConfiguration(envelope);
    const last = new MessageReader(decodeEnvelope(envelope).signed).message(2).message(2);
    const signed = last.message(1).message(2);
    const content = signed.message(1);
    const update: Update = {
      channel: content.text(1),
      read: elementsOf(decodeConfigGroup(content.message(2))),
      write: elementsOf(decodeConfigGroup(content.message(3))),
    };
    const { configuration } = channel;
    if (update.channel !== configuration.channel) return `it is an update of channel ${update.channel}`;
    const before = elementsOf(configuration.group);
    const wrong = fault(configuration.group, before, update, await signersOf(channel, signed));
    if (wrong) return wrong;
    const other = otherElement(before, update, elementsOf(next.group));
    return other && `its ${other} is not what the signed update makes it`;
  } catch (error) {
    return (error as Error).message;
  }
}
