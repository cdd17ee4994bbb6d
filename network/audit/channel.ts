/** The channel as its configuration block says, for an audit: what is no configuration differs from what a block is to be. */
import type { Block } from '../format/block.js';
import { type ChannelInForce, inForce } from '../identity/in-force.js';
import { Differs } from './difference.js';

/** @throws Differs when block 0 is no configuration */
export function channelOf(configuration: Block): ChannelInForce {
  try {
    return inForce(configuration);
  } catch (error) {
    throw new Differs({ check: 'record', block: 0, problem: `block 0: ${(error as Error).message}` });
  }
}
