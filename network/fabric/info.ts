/** What the four provinces say about themselves. */
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { CHANNEL } from '../channel.js';
import type { LedgerInfo } from '../ledger.js';
import type { AskDeps, PeerNode } from './answer.js';
import { codeDigestAt } from './code-digest.js';
import type { CommitWatch } from './commit-watch.js';
import { Deadline, pause } from './deadline.js';
import type { Lookup, LookupDeps } from './lookup.js';
import type { OpenedProfile } from './profile.js';

export interface InfoDeps extends AskDeps, Pick<LookupDeps, 'reader' | 'clock' | 'home'> {
  readonly profile: OpenedProfile;
  readonly peers: readonly PeerNode[];
  readonly lookup: Lookup;
  readonly watch: CommitWatch;
}

/** A province's code changes by a vote of three, not by the minute. */
const REMEMBERED_MS = 60_000;
/** Peers that can be reached are within a block of one another in moments. */
const CATCH_UP_MS = 1000;

export class NetworkInfo {
  readonly #deps: InfoDeps;
  readonly #digests = new Map<string, { readonly digest: string; readonly until: number }>();

  constructor(deps: InfoDeps) {
    this.#deps = deps;
  }

  async #digestOf(peer: PeerNode): Promise<string | undefined> {
    const known = this.#digests.get(peer.mspId);
    if (known && known.until > Date.now()) return known.digest;
    const digest = await codeDigestAt(this.#deps, peer, await this.#deps.reader(), this.#deps.clock());
    if (digest !== undefined) this.#digests.set(peer.mspId, { digest, until: Date.now() + REMEMBERED_MS });
    return digest;
  }

  /** Heights, those of peers that are only a moment behind as they are then. */
  async #heights(): Promise<(number | undefined)[]> {
    const { peers, lookup } = this.#deps;
    const ask = (peer: PeerNode) => (peer.isUp ? lookup.heightOf(peer) : undefined);
    const heights = await Promise.all(peers.map(ask));
    const patience = new Deadline(CATCH_UP_MS);
    const highest = () => Math.max(...heights.map((height) => height ?? 0));
    for (const [index, peer] of peers.entries())
      while ((heights[index] ?? highest()) < highest() && !patience.isOver) {
        await pause(20);
        heights[index] = await ask(peer);
      }
    return heights;
  }

  async read(): Promise<LedgerInfo> {
    const { peers, profile, watch, home } = this.#deps;
    const [heights, digests] = await Promise.all([
      this.#heights(),
      Promise.all(peers.map((peer) => (peer.isUp ? this.#digestOf(peer) : undefined))),
    ]);
    const provinces = profile.provinces.map(({ code, mspId, roots }) => {
      const index = peers.findIndex((peer) => peer.mspId === mspId);
      const [height, codeDigest] = [heights[index], digests[index]];
      return {
        code,
        mspId,
        roots,
        reachable: height !== undefined,
        height: height ?? 0,
        ...(codeDigest === undefined ? {} : { codeDigest }),
      };
    });
    const own = provinces.find(({ mspId }) => mspId === home);
    return {
      kind: 'fabric',
      assurance: 'bft-4',
      channel: CHANNEL,
      height: Math.max(watch.height, own?.height ?? 0),
      codeDigest: own?.codeDigest ?? CODE_DIGEST,
      provinces,
    };
  }
}
