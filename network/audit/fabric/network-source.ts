/** A network's blocks as an audit reads them: from home's peer, and from another province's while that one is away. */
import type { NetworkReader, PeerView } from '../../fabric/reader.js';
import { type Block, blockHash, decodeBlock } from '../../format/block.js';
import { CannotTell, Differs } from '../difference.js';
import type { BlockSource, SourceBlock } from '../source.js';

/** How long a peer may take for a block that it says it has. */
const BLOCK_MS = 15_000;

interface Look {
  readonly peer: PeerView;
  readonly height: number;
}

export class NetworkSource implements BlockSource {
  readonly name: string;
  readonly #reader: NetworkReader;
  /** of the headers that were given */
  readonly #hashes: Buffer[] = [];
  #until = 0;
  /** those that say they have the blocks up to there, home's first */
  #peers: readonly PeerView[] = [];

  constructor(name: string, reader: NetworkReader) {
    this.name = name;
    this.#reader = reader;
  }

  /** number of blocks */
  get size(): number {
    return this.#until;
  }

  /** Looks how far to read now: as far as home's peer is, or the highest other one while that is away. @throws CannotTell */
  async look(): Promise<void> {
    const { peers } = this.#reader;
    const heights = await Promise.all(peers.map((peer) => peer.height()));
    const looks = peers.flatMap((peer, index): Look[] => {
      const height = heights[index];
      return height === undefined ? [] : [{ peer, height }];
    });
    const home = looks.find(({ peer }) => peer === peers[0]);
    const until = home?.height ?? Math.max(0, ...looks.map(({ height }) => height));
    if (until === 0) throw new CannotTell(`${this.name}: no province's peer tells its height: is the network up?`);
    this.#until = Math.max(until, this.#hashes.length);
    this.#peers = looks.filter(({ height }) => height >= until).map(({ peer }) => peer);
  }

  async *blocks(from: number): AsyncGenerator<SourceBlock> {
    const troubles: string[] = [];
    let next = from;
    for (const peer of this.#peers) {
      if (next >= this.#until) return;
      try {
        for await (const block of this.#from(peer, next)) {
          this.#hashes[next] = blockHash(block.header);
          next += 1;
          yield { block, read: next };
        }
      } catch (error) {
        if (error instanceof Differs) throw error;
        troubles.push(`${peer.mspId}: ${(error as Error).message}`);
      }
    }
    if (next < this.#until) throw new CannotTell(`no peer gives block ${next} (${troubles.join('; ')}): try again when one does`);
  }

  /** A peer's blocks up to where this look ends. */
  async *#from(peer: PeerView, from: number): AsyncGenerator<Block> {
    const attempt = new AbortController();
    let late = false;
    const stop = () => {
      late = true;
      attempt.abort();
    };
    let timer = setTimeout(stop, BLOCK_MS);
    try {
      let next = from;
      for await (const bytes of peer.blocks(next, attempt.signal)) {
        clearTimeout(timer);
        yield this.#decoded(peer, next, bytes);
        next += 1;
        if (next >= this.#until) return;
        timer = setTimeout(stop, BLOCK_MS);
      }
      throw new Error(late ? `no block ${next} within ${BLOCK_MS / 1000} s` : 'its stream of blocks ended');
    } finally {
      clearTimeout(timer);
      attempt.abort();
    }
  }

  #decoded({ mspId }: PeerView, number: number, bytes: Uint8Array): Block {
    try {
      return decodeBlock(bytes);
    } catch (error) {
      const problem = `block ${number} of the peer of ${mspId}: ${(error as Error).message}`;
      throw new Differs({ check: 'record', block: number, problem });
    }
  }

  async block(number: number): Promise<Block> {
    for (const peer of this.#peers) {
      const block = await peer.block(number).catch(() => undefined);
      if (block && this.#hashes[number]?.equals(blockHash(block.header))) return block;
    }
    throw new CannotTell(`no peer gives block ${number} again: try again when one does`);
  }
}
