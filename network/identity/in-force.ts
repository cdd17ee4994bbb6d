/** The configuration that a block brings, with what follows from it made once: whose certificate is whose, who orders. */
import type { Block } from '../format/block.js';
import { type Configuration, configurationIn, decodeConfiguration } from '../format/configuration.js';
import { FormatError } from '../format/wire.js';
import { quorumOf } from './block-signatures.js';
import { Membership } from './msp.js';
import { isQuorumOf } from './policy.js';

export interface ChannelInForce {
  /** number of the block that holds it; it is in force from the next one */
  readonly block: number;
  readonly configuration: Configuration;
  readonly membership: Membership;
  /** who orders; `membership` and this make an `Ordering` */
  readonly consenters: Configuration['consenters'];
}

/**
 * Fabric checks blocks by the policy `BlockValidation`, and SmartBFT's orderers take no configuration in which it
 * is anything but their quorum. One that were weaker would let fewer of them make blocks.
 */
function checkBlockPolicy({ group, consenters }: Configuration, needed: number): void {
  const policy = group.groups.get('Orderer')?.policies.get('BlockValidation');
  if (policy && !isQuorumOf(policy.content, needed, consenters))
    throw new FormatError(`its BlockValidation is not ${needed} of its ${consenters.length} orderers`);
}

/** @throws FormatError when the block holds no configuration, or one that cannot be judged here */
export function inForce(block: Block): ChannelInForce {
  const envelope = configurationIn(block);
  if (!envelope) throw new FormatError('it holds no configuration, or more than one');
  const configuration = decodeConfiguration(envelope);
  const { members, consenters } = configuration;
  if (members.size === 0) throw new FormatError('it names no members');
  if (consenters.length === 0) throw new FormatError('it names no orderers');
  const all = [...members.values()];
  const membership = new Membership(
    new Map(all.map(({ mspId, roots }) => [mspId, roots])),
    new Map(all.map(({ mspId, revocations }) => [mspId, revocations])),
  );
  checkBlockPolicy(configuration, quorumOf({ membership, consenters }));
  return { block: block.header.number, configuration, membership, consenters };
}
