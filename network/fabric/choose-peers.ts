/** In which order peers are asked. */
import type { PeerNode } from './answer.js';
import type { Horizon } from './horizon.js';

export interface ChoosingDeps {
  readonly peers: readonly PeerNode[];
  /** the province whose operator we are */
  readonly home: string;
  readonly horizon: Horizon;
}

let turns = 0;

/**
 * The peers that can be reached: first those that are known to have what callers were told, as home's is but for
 * moments; among them the signer's own, home's, then the others by turns. Slow ones come last.
 * @param own the signer's province
 * @param since how far callers were told, as a height
 */
export function choosePeers({ peers, home, horizon }: ChoosingDeps, own: string, since: number): PeerNode[] {
  turns += 1;
  const rank = (peer: PeerNode, index: number) => {
    if (peer.isSlow) return 100 + index;
    const first = horizon.reaches(peer.mspId, since) ? 0 : 50;
    if (peer.mspId === own) return first;
    if (peer.mspId === home) return first + 1;
    return first + 2 + ((index + turns) % peers.length);
  };
  return peers
    .map((peer, index) => ({ peer, rank: rank(peer, index) }))
    .filter(({ peer }) => peer.isUp)
    .sort((left, right) => left.rank - right.rank)
    .map(({ peer }) => peer);
}
