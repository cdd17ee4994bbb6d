/** A network's chain with a registration in the middle and a race, and the audit of what its peers show. */

import type { Companion } from '../../network/audit/audit-chain.js';
import { auditNetwork, type NetworkFindings } from '../../network/audit/fabric/audit-network.js';
import { type Block, blockHash, dataHash } from '../../network/format/block.js';
import { freshAgencyId } from './contract-world.js';
import { FabricChain } from './fabric-chain.js';
import { shownNetwork } from './shown-network.js';

export interface AuditedChain {
  readonly chain: FabricChain;
  /** number of the block with the registration in the middle, and whom it registers */
  readonly middle: number;
  readonly agencyId: string;
}

export async function auditedChain(): Promise<AuditedChain> {
  const chain = await FabricChain.begin();
  const agencyId = freshAgencyId('310000');
  await chain.add([await chain.register()]);
  const middle = chain.blocks.length;
  await chain.add([await chain.register({}, agencyId)]);
  const raced = freshAgencyId('310000');
  await chain.add([await chain.register({}, raced), await chain.register({}, raced)], [0, 11]);
  await chain.add([await chain.register()]);
  return { chain, middle, agencyId };
}

/** @param of what each province's peer shows */
export function auditShown(
  chain: FabricChain,
  of: (index: number) => readonly Block[] | undefined,
  companions: readonly Companion[] = [],
): Promise<NetworkFindings> {
  return auditNetwork({ name: 'profile.json', reader: shownNetwork(chain.roots, of), dispatcher: chain.dispatcher, companions });
}

/** These blocks one behind the other, each with its number and hashes right, and signed anew by the chain's orderers. */
export async function relinked(chain: FabricChain, blocks: readonly Block[]): Promise<Block[]> {
  const linked: Block[] = [];
  for (const block of blocks) {
    const before = linked.at(-1);
    const previousHash = before ? blockHash(before.header) : Buffer.alloc(0);
    const header = { number: linked.length, previousHash, dataHash: dataHash(block.data) };
    linked.push(before ? await chain.signed({ ...block, header }) : { ...block, header });
  }
  return linked;
}
