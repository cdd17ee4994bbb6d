/**
 * Follows the ledger: block after block into the store, in order, never skipping one. A block that
 * cannot be applied is tried again until it can be; everything after it waits.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger } from '../../network/ledger.js';
import type { Store } from '../store/store.js';
import { applyBlock, ChainBroken, type Position } from './apply-block.js';
import { PROJECTION_VERSION, resetProjection } from './tables.js';

const RETRY_MILLISECONDS = [50, 200, 1000, 5000];

export interface Projection {
  /** the last block applied; -1 before the first */
  readonly block: number;
  /** why the projection stands still; undefined while it follows */
  readonly fault: Error | undefined;
  /** Resolves when the block, and all before it, have been applied; rejects when the signal aborts. */
  waitFor(block: number, signal?: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

interface Waiter {
  readonly block: number;
  readonly resolve: () => void;
}

async function startingPosition(store: Store): Promise<Position> {
  const tables = await store.db.introspection.getTables();
  const present = tables.some((table) => table.name === 'projection_position');
  const row = present ? await store.db.selectFrom('projection_position').selectAll().executeTakeFirst() : undefined;
  if (row?.version === PROJECTION_VERSION) return { block: row.block, hash: row.hash };
  await store.db.transaction().execute(resetProjection);
  return { block: -1, hash: '0'.repeat(64) };
}

class Follower implements Projection {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #onFault: (error: Error) => void;
  readonly #abort = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #at: Position;
  #fault: Error | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(store: Store, ledger: Ledger, at: Position, onFault: (error: Error) => void) {
    this.#store = store;
    this.#ledger = ledger;
    this.#at = at;
    this.#onFault = onFault;
  }

  get block(): number {
    return this.#at.block;
  }

  get fault(): Error | undefined {
    return this.#fault;
  }

  start(): void {
    this.#done = this.#follow();
  }

  waitFor(block: number, signal?: AbortSignal): Promise<void> {
    if (this.#at.block >= block) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiter = { block, resolve };
      this.#waiters.add(waiter);
      signal?.addEventListener(
        'abort',
        () => {
          this.#waiters.delete(waiter);
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  async #follow(): Promise<void> {
    for (let attempt = 0; !this.#abort.signal.aborted; attempt++) {
      const before = this.#at.block;
      try {
        await this.#catchUp();
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        if (this.#at.block > before) attempt = 0;
        this.#fault = error instanceof Error ? error : new Error(String(error));
        this.#onFault(this.#fault);
        const pause = RETRY_MILLISECONDS[Math.min(attempt, RETRY_MILLISECONDS.length - 1)];
        await delay(pause, undefined, { signal: this.#abort.signal }).catch(() => {});
      }
    }
  }

  async #catchUp(): Promise<void> {
    const { height } = await this.#ledger.info();
    if (height <= this.#at.block) throw new ChainBroken(`block ${this.#at.block} was projected, the ledger has ${height}`);
    // The last block is asked for again: a ledger that was exchanged for another has another one there.
    for await (const block of this.#ledger.blocks(Math.max(this.#at.block, 0), this.#abort.signal)) {
      if (block.number === this.#at.block) {
        if (block.hash !== this.#at.hash) throw new ChainBroken(`block ${block.number} is not the one that was projected`);
        continue;
      }
      this.#at = await applyBlock(this.#store, this.#at, block);
      this.#fault = undefined;
      this.#wake();
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (waiter.block > this.#at.block) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}

/** Starts following from where the store stands; a store projected by other code is replayed from block 0. */
export async function startProjection(store: Store, ledger: Ledger, onFault: (error: Error) => void): Promise<Projection> {
  const follower = new Follower(store, ledger, await startingPosition(store), onFault);
  follower.start();
  return follower;
}
