/**
 * Checked blocks in order, from one's own peer or, while it is away or behind, from another province's. A
 * block that does not fit ends that attempt and is asked for again: none is skipped, none is told twice.
 */
import { type Block, blockHash, dataHash, decodeBlock } from '../format/block.js';
import { FormatError } from '../format/wire.js';
import type { PeerNode } from './answer.js';
import { pause } from './deadline.js';
import type { Horizon } from './horizon.js';
import type { Log } from './sdk-log.js';

export interface FollowDeps {
  /** home's first */
  readonly peers: readonly PeerNode[];
  readonly open: (peer: PeerNode, from: number, signal: AbortSignal) => AsyncIterable<Buffer>;
  /** undefined when the peer does not say */
  readonly heightOf: (peer: PeerNode) => Promise<number | undefined>;
  readonly horizon: Horizon;
  readonly log: Log;
  readonly closed: AbortSignal;
}

export interface Followed {
  readonly block: Block;
  /** SHA-256 over the header */
  readonly hash: Buffer;
  /** whose peer told it */
  readonly source: PeerNode;
}

const RETRY_MS = 500;
/** So long without a block, and the others are asked whether there is one. */
const STALL_MS = 3000;
/** How long a source that failed or withheld blocks is the last choice. */
const AVOID_MS = 15_000;

class BlockStream {
  readonly #deps: FollowDeps;
  readonly #ended: AbortSignal;
  readonly #avoided = new Map<string, number>();
  #next: number;
  #previous: Buffer | undefined;
  /** since when the next block is waited for; undefined while the consumer is at work */
  #waitingSince: number | undefined;

  constructor(deps: FollowDeps, from: number, ended: AbortSignal) {
    this.#deps = deps;
    this.#next = from;
    this.#ended = ended;
  }

  #isAvoided(peer: PeerNode): boolean {
    return (this.#avoided.get(peer.mspId) ?? 0) > Date.now();
  }

  #source(): PeerNode | undefined {
    const up = this.#deps.peers.filter((peer) => peer.isUp);
    return up.find((peer) => !this.#isAvoided(peer)) ?? up[0];
  }

  #checked(bytes: Buffer, source: PeerNode): Followed {
    const block = decodeBlock(bytes);
    const { header } = block;
    if (header.number !== this.#next) throw new FormatError(`block ${this.#next} was asked for, ${header.number} came`);
    if (this.#previous && !this.#previous.equals(header.previousHash))
      throw new FormatError(`block ${header.number} does not name the block before it`);
    if (!dataHash(block.data).equals(header.dataHash))
      throw new FormatError(`block ${header.number} does not hold what its header says`);
    const hash = blockHash(header);
    this.#previous = hash;
    this.#next += 1;
    return { block, hash, source };
  }

  /** Another peer has blocks that this one does not send. */
  async #isWithheld(source: PeerNode): Promise<boolean> {
    const since = this.#waitingSince;
    if (since === undefined || Date.now() - since < STALL_MS) return false;
    const others = this.#deps.peers.filter((peer) => peer !== source && peer.isUp);
    const heights = await Promise.all(others.map((peer) => this.#deps.heightOf(peer)));
    return this.#waitingSince === since && heights.some((height) => height !== undefined && height > this.#next);
  }

  /** Home's peer, when it is another than this source and has what comes next. */
  async #homeIsBack(source: PeerNode): Promise<boolean> {
    const [home] = this.#deps.peers;
    if (!home || source === home || !home.isUp || this.#isAvoided(home)) return false;
    const height = await this.#deps.heightOf(home);
    if (height !== undefined && height >= this.#next) return true;
    this.#avoided.set(home.mspId, Date.now() + AVOID_MS);
    return false;
  }

  /** @returns whether it ended for home's peer to go on */
  async *#attempt(source: PeerNode): AsyncGenerator<Followed, boolean> {
    const attempt = new AbortController();
    const signal = AbortSignal.any([attempt.signal, this.#ended]);
    const watchdog = setInterval(async () => {
      if (!(await this.#isWithheld(source))) return;
      this.#deps.log(`${source.name} does not send block ${this.#next}, which another has`);
      this.#avoided.set(source.mspId, Date.now() + AVOID_MS);
      attempt.abort();
    }, STALL_MS / 3).unref();
    try {
      this.#waitingSince = Date.now();
      for await (const bytes of this.#deps.open(source, this.#next, signal)) {
        this.#waitingSince = undefined;
        const followed = this.#checked(bytes, source);
        if (this.#ended.aborted) return false;
        yield followed;
        if (await this.#homeIsBack(source)) return true;
        this.#waitingSince = Date.now();
      }
      return false;
    } finally {
      this.#waitingSince = undefined;
      clearInterval(watchdog);
      attempt.abort();
    }
  }

  async *blocks(): AsyncGenerator<Followed> {
    while (!this.#ended.aborted) {
      const source = this.#source();
      try {
        if (source && (yield* this.#attempt(source))) continue;
      } catch (error) {
        if (this.#ended.aborted) return;
        this.#deps.log(`blocks from ${source?.name} break off at ${this.#next}: ${(error as Error).message}`);
        if (source) this.#avoided.set(source.mspId, Date.now() + AVOID_MS);
        // It may come back as another than it was: from a backup, say.
        if (source) this.#deps.horizon.forget(source.mspId);
      }
      await pause(RETRY_MS, this.#ended);
    }
  }
}

/** Ends without an error when the signal aborts or the ledger closes. */
export function followBlocks(deps: FollowDeps, from: number, signal: AbortSignal): AsyncGenerator<Followed> {
  return new BlockStream(deps, from, AbortSignal.any([signal, deps.closed])).blocks();
}
