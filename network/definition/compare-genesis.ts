/** Whether two blocks 0 configure one and the same channel. */
import { isDeepStrictEqual } from 'node:util';
import { dataHash } from '../format/block.js';
import { type ConfigGroup, type Configuration, decodeConfiguration } from '../format/configuration.js';
import { FormatError, MessageReader } from '../format/wire.js';

/** The parts of `common.Block`: header, data, metadata. */
const BLOCK_FIELDS = [1, 2, 3];

function configurationOf(bytes: Uint8Array): Configuration {
  const block = new MessageReader(bytes).closed(BLOCK_FIELDS);
  const header = block.message(1);
  const envelopes = block.message(2).all(1);
  const [envelope] = envelopes;
  const isFirst = header.integer(1) === 0 && header.bytes(2).length === 0 && header.bytes(3).equals(dataHash(envelopes));
  if (!envelope || envelopes.length !== 1 || !isFirst) throw new FormatError('no block 0');
  return decodeConfiguration(envelope);
}

function differsAt(one: ConfigGroup, other: ConfigGroup, path: string): string | undefined {
  for (const part of ['values', 'policies'] as const)
    for (const name of new Set([...one[part].keys(), ...other[part].keys()]))
      if (!isDeepStrictEqual(one[part].get(name), other[part].get(name))) return `${path}/${name}`;
  for (const name of new Set([...one.groups.keys(), ...other.groups.keys()])) {
    const [left, right] = [one.groups.get(name), other.groups.get(name)];
    const found = left && right ? differsAt(left, right, `${path}/${name}`) : `${path}/${name}`;
    if (found) return found;
  }
  return one.version === other.version && one.modPolicy === other.modPolicy ? undefined : path;
}

/**
 * Left out is what configtxgen draws or orders anew each time: the moment, a nonce, the order of groups and values.
 * @returns the path of the first difference, such as `Channel/Orderer/Orderers`; undefined where there is none
 * @throws FormatError when one of them is no block 0
 */
export function configurationDifference(block: Uint8Array, other: Uint8Array): string | undefined {
  const [one, two] = [configurationOf(block), configurationOf(other)];
  if (one.channel !== two.channel || one.sequence !== two.sequence) return 'Channel';
  return differsAt(one.group, two.group, 'Channel');
}
