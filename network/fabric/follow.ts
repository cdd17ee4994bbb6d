/**
 * Checked blocks in order, from one's own peer or, while it is away or behind, from another province's. A
 * block that does not fit ends that attempt and is asked for again: none is skipped, none is told twice.
 */
import { type Block, blockHash, dataHash, decodeBlock } from '../format/block.js';
import { configurationIn } from '../format/configuration.js';
import { FormatError } from '../format/wire.js';
import { signatureFault } from '../identity/block-signatures.js';
import type { ChannelInForce } from '../identity/in-force.js';
import { type ConfigurationTrail, channelAfter, checkLastConfig } from '../identity/trail.js';
import { inOrder } from '../in-order.js';
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
  readonly blockOf: (peer: PeerNode, number: number) => Promise<Block>;
  /** shared by all who follow, so that it is proved once */
  readonly trail: ConfigurationTrail;
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

/** Blocks whose signatures are checked while others are read and used. */
const CHECKED_AT_ONCE = 16;

/** Where the next block belongs. */
interface Place {
  readonly next: number;
  /** hash of the block before; undefined when reading begins in the middle */
  readonly previous: Buffer | undefined;
  /** in force for the next block; undefined until it is known, and before block 0 */
  readonly channel: ChannelInForce | undefined;
}

/** A block that fits, and whether its orderers signed it. */
interface Fitting {
  readonly followed: Followed;
  readonly after: Place & { readonly channel: ChannelInForce };
  readonly signed: Promise<string | undefined>;
}

class BlockStream {
  readonly #deps: FollowDeps;
  readonly #ended: AbortSignal;
  readonly #avoided = new Map<string, number>();
  /** after the last block that was told */
  #place: Place;
  /** of the next block that is read */
  #next: number;
  /** since when it is waited for; undefined while nothing is read */
  #waitingSince: number | undefined;

  constructor(deps: FollowDeps, from: number, ended: AbortSignal) {
    this.#deps = deps;
    this.#place = { next: from, previous: undefined, channel: undefined };
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

  /** Everything but the signatures, whose check is begun. @throws FormatError */
  #fitting(bytes: Buffer, { next, previous, channel }: Place, source: PeerNode): Fitting {
    const block = decodeBlock(bytes);
    const { header } = block;
    if (header.number !== next) throw new FormatError(`block ${next} was asked for, ${header.number} came`);
    if (previous && !previous.equals(header.previousHash))
      throw new FormatError(`block ${header.number} does not name the block before it`);
    if (!dataHash(block.data).equals(header.dataHash))
      throw new FormatError(`block ${header.number} does not hold what its header says`);
    const hash = blockHash(header);
    const fits = (then: ChannelInForce, signed: Fitting['signed']): Fitting => ({
      followed: { block, hash, source },
      after: { next: next + 1, previous: hash, channel: then },
      signed,
    });
    if (!channel) return fits(this.#deps.trail.genesis(block), Promise.resolve(undefined));
    const brings = configurationIn(block) !== undefined;
    checkLastConfig(block, channel, brings);
    return fits(brings ? channelAfter(channel, block) : channel, signatureFault(channel, block));
  }

  async #begin(source: PeerNode): Promise<Place> {
    const { next, channel } = this.#place;
    if (channel || next === 0) return this.#place;
    const found = await this.#deps.trail.before(next, (number) => this.#deps.blockOf(source, number));
    return { ...this.#place, channel: found };
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
    if (height !== undefined && height >= this.#place.next) return true;
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
    let stream: AsyncIterator<Buffer> | undefined;
    try {
      const place = await this.#begin(source);
      stream = this.#deps.open(source, place.next, signal)[Symbol.asyncIterator]();
      for await (const { followed, after } of this.#checked(stream, place, source)) {
        if (this.#ended.aborted) return false;
        this.#place = after;
        this.#deps.trail.note(after.channel);
        yield followed;
        if (await this.#homeIsBack(source)) return true;
      }
      return false;
    } finally {
      this.#waitingSince = undefined;
      clearInterval(watchdog);
      attempt.abort();
      void stream?.return?.().catch(() => undefined);
    }
  }

  /** Blocks that fit and that enough orderers signed; block 0, signed by nobody, once they signed the next. */
  #checked(stream: AsyncIterator<Buffer>, from: Place, source: PeerNode): AsyncGenerator<Fitting> {
    let place = from;
    this.#next = place.next;
    let settle: (fault?: Error) => void = () => undefined;
    const second = new Promise<void>((resolve, reject) => {
      settle = (fault) => (fault ? reject(fault) : resolve());
    });
    second.catch(() => undefined);
    const next = async () => {
      this.#waitingSince = Date.now();
      const result = await stream.next();
      this.#waitingSince = undefined;
      if (result.done) throw new Error('the stream of blocks ended');
      return result;
    };
    const check = async (bytes: Buffer) => {
      const fitting = this.#fitting(bytes, place, source);
      place = fitting.after;
      this.#next = place.next;
      const fault = await fitting.signed;
      if (fault !== undefined) throw new FormatError(`block ${fitting.followed.block.header.number}: ${fault}`);
      if (fitting.followed.block.header.number === 0) await second;
      else settle();
      return fitting;
    };
    const fails = (error: Error): never => {
      settle(error);
      throw error;
    };
    return inOrder({ next: () => next().catch(fails) }, (bytes: Buffer) => check(bytes).catch(fails), CHECKED_AT_ONCE);
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
        // What the configuration is may have been its word.
        this.#place = { ...this.#place, channel: undefined };
        this.#deps.trail.forget();
      }
      await pause(RETRY_MS, this.#ended);
    }
  }
}

/** Ends without an error when the signal aborts or the ledger closes. */
export function followBlocks(deps: FollowDeps, from: number, signal: AbortSignal): AsyncGenerator<Followed> {
  return new BlockStream(deps, from, AbortSignal.any([signal, deps.closed])).blocks();
}
