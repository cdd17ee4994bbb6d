/**
 * A channel's configuration as a configuration block holds it (`common.ConfigEnvelope`): members' authorities,
 * the orderers and their numbers, policies. Block 0 of the embedded ledger is of the same form, abridged.
 */
import type { Block } from './block.js';
import { decodeEnvelope } from './envelope.js';
import { HEADER_TYPE } from './header.js';
import { FormatError, MessageReader } from './wire.js';

/** A value or a policy, and who may change it. */
export interface ConfigItem {
  readonly version: number;
  readonly content: Buffer;
  readonly modPolicy: string;
}

export interface ConfigGroup {
  readonly version: number;
  readonly groups: ReadonlyMap<string, ConfigGroup>;
  readonly values: ReadonlyMap<string, ConfigItem>;
  readonly policies: ReadonlyMap<string, ConfigItem>;
  readonly modPolicy: string;
}

export interface MemberAuthority {
  readonly mspId: string;
  /** PEM */
  readonly roots: readonly string[];
  /** PEM */
  readonly revocations: readonly string[];
}

export interface Consenter {
  readonly id: number;
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
}

export interface Configuration {
  readonly channel: string;
  readonly sequence: number;
  readonly group: ConfigGroup;
  readonly members: ReadonlyMap<string, MemberAuthority>;
  readonly consenters: readonly Consenter[];
}

/** What a certificate of each kind is to hold; a member that gave them other names could not be judged here. */
const NODE_UNITS = ['client', 'peer', 'admin', 'orderer'] as const;
const INTERMEDIATES = 3;
const NODE_OUS = 11;

function mapOf<T>(reader: MessageReader, field: number, decode: (value: MessageReader) => T): Map<string, T> {
  return new Map(
    reader.all(field).map((bytes) => {
      const entry = new MessageReader(bytes);
      return [entry.text(1), decode(entry.message(2))];
    }),
  );
}

function itemOf(reader: MessageReader): ConfigItem {
  return { version: reader.integer(1), content: reader.bytes(2), modPolicy: reader.text(3) };
}

/** `common.ConfigGroup`. @throws FormatError */
export function decodeConfigGroup(reader: MessageReader): ConfigGroup {
  return {
    version: reader.integer(1),
    groups: mapOf(reader, 2, decodeConfigGroup),
    values: mapOf(reader, 3, itemOf),
    policies: mapOf(reader, 4, itemOf),
    modPolicy: reader.text(5),
  };
}

function authorityOf(content: Buffer): MemberAuthority {
  const msp = new MessageReader(content).message(2);
  const mspId = msp.text(1);
  if (msp.all(INTERMEDIATES).length > 0) throw new FormatError(`${mspId} has intermediate authorities, which are not read here`);
  const units = msp.message(NODE_OUS);
  const named = NODE_UNITS.map((_, index) => units.message(index + 2).text(2));
  if (units.integer(1) !== 1 || named.join() !== NODE_UNITS.join())
    throw new FormatError(`${mspId} calls its nodes' units ${named.join(', ')}, which is not read here`);
  const texts = (field: number) => msp.all(field).map((pem) => pem.toString('utf8'));
  return { mspId, roots: texts(2), revocations: texts(5) };
}

/** A member stands among the organisations of applications and of orderers, with equal authorities. */
function membersOf({ groups }: ConfigGroup): Map<string, MemberAuthority> {
  const members = new Map<string, MemberAuthority>();
  for (const name of ['Application', 'Orderer'])
    for (const organisation of groups.get(name)?.groups.values() ?? []) {
      const value = organisation.values.get('MSP');
      if (!value) throw new FormatError(`an organisation of ${name} has no authority`);
      const authority = authorityOf(value.content);
      const other = members.get(authority.mspId);
      if (other && JSON.stringify(other) !== JSON.stringify(authority))
        throw new FormatError(`${authority.mspId} has two different authorities`);
      members.set(authority.mspId, authority);
    }
  return members;
}

function consentersOf({ groups }: ConfigGroup): Consenter[] {
  const value = groups.get('Orderer')?.values.get('Orderers');
  const mapping = value ? new MessageReader(value.content).all(1) : [];
  return mapping.map((bytes) => {
    const consenter = new MessageReader(bytes);
    return { id: consenter.int32(1), mspId: consenter.text(4), certificate: consenter.text(5) };
  });
}

/** @param envelope of a configuration block @throws FormatError */
export function decodeConfiguration(envelope: Uint8Array): Configuration {
  const { channel, signed } = decodeEnvelope(envelope);
  if (channel.type !== HEADER_TYPE.config) throw new FormatError('no configuration');
  const config = new MessageReader(signed).message(2).message(1);
  const group = decodeConfigGroup(config.message(2));
  return {
    channel: channel.channel,
    sequence: config.integer(1),
    group,
    members: membersOf(group),
    consenters: consentersOf(group),
  };
}

/** Orderers put a configuration into a block of its own. @returns its envelope; undefined for any other block */
export function configurationIn({ data }: Pick<Block, 'data'>): Uint8Array | undefined {
  const [envelope] = data;
  if (!envelope || data.length !== 1) return undefined;
  try {
    return decodeEnvelope(envelope).channel.type === HEADER_TYPE.config ? envelope : undefined;
  } catch {
    return undefined;
  }
}
