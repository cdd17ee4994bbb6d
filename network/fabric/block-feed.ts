/**
 * One stream of blocks for all who follow the chain's end: a block comes over the wire once, and is decoded and
 * checked once. Whoever is further back reads older blocks by a stream of its own until it has come to what is kept here.
 */
import { type FollowDeps, type Followed, followBlocks } from './follow.js';

/** What a reader may be behind and still be served from here. */
const MAX_KEPT = 64;
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

function bytesOf({ block }: Followed): number {
  return block.data.reduce((sum, { length }) => sum + length, 0);
}

export class BlockFeed {
  readonly #deps: FollowDeps;
  /** the last ones in a row */
  readonly #kept: Followed[] = [];
  readonly #waiting = new Set<() => void>();
  #bytes = 0;
  /** the number of the block that comes next; undefined before it is known where the chain ends */
  #next: number | undefined;

  constructor(deps: FollowDeps) {
    this.#deps = deps;
  }

  /**
   * Runs until the ledger closes.
   * @param from where the chain ends now
   * @param look is shown each block before anybody else is
   */
  async run(from: number, look: (followed: Followed) => void): Promise<void> {
    this.#next = from;
    for await (const followed of followBlocks(this.#deps, from, this.#deps.closed)) {
      look(followed);
      this.#keep(followed);
      for (const wake of [...this.#waiting]) wake();
    }
  }

  #keep(followed: Followed): void {
    this.#next = followed.block.header.number + 1;
    this.#kept.push(followed);
    this.#bytes += bytesOf(followed);
    while (this.#kept.length > 1 && (this.#kept.length > MAX_KEPT || this.#bytes > MAX_KEPT_BYTES))
      this.#bytes -= bytesOf(this.#kept.shift() as Followed);
  }

  #at(number: number): Followed | undefined {
    return this.#kept[number - (this.#kept[0]?.block.header.number ?? 0)];
  }

  /** Whether a reader that had this block last may go on here: then what comes follows what it had. */
  #serves(next: number, last: Followed | undefined): boolean {
    const oldest = this.#kept[0]?.block.header.number ?? this.#next;
    if (this.#next === undefined || oldest === undefined || next < oldest || next > this.#next) return false;
    const [before, after] = [this.#at(next - 1), this.#at(next)];
    if (!last) return true;
    return before ? before.hash.equals(last.hash) : !after || last.hash.equals(after.block.header.previousHash);
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }

  /** Blocks from a number on. Ends without an error when the signal aborts or the ledger closes. */
  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<Followed> {
    const ended = AbortSignal.any([signal, this.#deps.closed]);
    let next = from;
    let last: Followed | undefined;
    while (!ended.aborted) {
      if (!this.#serves(next, last)) {
        for await (const followed of this.#older(next, ended)) {
          yield followed;
          last = followed;
          next += 1;
          if (this.#serves(next, last)) break;
        }
        continue;
      }
      const followed = this.#at(next);
      if (!followed) {
        await this.#more(ended);
        continue;
      }
      yield followed;
      last = followed;
      next += 1;
    }
  }

  async *#older(from: number, ended: AbortSignal): AsyncGenerator<Followed> {
    const own = new AbortController();
    try {
      yield* followBlocks(this.#deps, from, AbortSignal.any([ended, own.signal]));
    } finally {
      own.abort();
    }
  }
}
