/** In which order peers are asked. */
import type { PeerNode } from './answer.js';

export interface Preference {
  /** the signer's province */
  readonly own: string;
  /** the province whose operator we are */
  readonly home: string;
}

let turns = 0;

/**
 * The peers that can be reached: the signer's own, home's, then the others by turns. Slow ones come last.
 * Home's is among the first because it has what this process was told is committed.
 */
export function choosePeers(peers: readonly PeerNode[], { own, home }: Preference): PeerNode[] {
  turns += 1;
  const rank = (peer: PeerNode, index: number) => {
    if (peer.isSlow) return 100 + index;
    if (peer.mspId === own) return 0;
    if (peer.mspId === home) return 1;
    return 2 + ((index + turns) % peers.length);
  };
  return peers
    .map((peer, index) => ({ peer, rank: rank(peer, index) }))
    .filter(({ peer }) => peer.isUp)
    .sort((left, right) => left.rank - right.rank)
    .map(({ peer }) => peer);
}
