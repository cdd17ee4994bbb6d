/** An audit that keeps going on a network that a test shows, and what it raised. */
import { followNetwork, type NetworkFollowing } from '../../network/audit/fabric/follow-network.js';
import type { FabricChain } from './fabric-chain.js';
import { followed } from './followed.js';
import { shownNetwork } from './shown-network.js';

interface Shown extends Partial<NetworkFollowing> {
  /** what each province's peer says of its contracts */
  readonly code?: (index: number) => string;
}

/** Follows what each province's peer shows; what has no blocks is away. */
export function followedNetwork(chain: FabricChain, of: Parameters<typeof shownNetwork>[1], { code, ...more }: Shown = {}) {
  const own = {
    source: 'profile.json',
    reader: shownNetwork(chain.roots, of, code),
    dispatcher: chain.dispatcher,
    expiryDays: 10,
  };
  return followed((watched, stop) => followNetwork({ ...own, ...watched, ...more }, stop));
}
