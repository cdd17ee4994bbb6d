/**
 * Follows the ledger: block after block into the store, in order, never skipping one. A block that
 * cannot be applied is tried again until it can be; everything after it waits.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Ledger, LedgerBlock } from '../../network/ledger.js';
import type { Store } from '../store/store.js';
import { applyBlock, ChainBroken, type Position } from './apply-block.js';
import { projectedPosition } from './same-chain.js';
import { PROJECTION_VERSION, resetProjection } from './tables.js';

const RETRY_MILLISECONDS = [50, 200, 1000, 5000];

export interface Projection {
  /** the last block applied; -1 before the first */
  readonly block: number;
  /** why the projection stands still; undefined while it follows */
  readonly fault: Error | undefined;
  /** Resolves when the block, and all before it, have been applied; rejects when the signal aborts or the projection stops. */
  waitFor(block: number, signal?: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** The projection was stopped before it had the block that somebody waited for. */
export class ProjectionStopped extends Error {
  override readonly name = 'ProjectionStopped';
}

interface Waiter {
  readonly block: number;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** Who is told of what the projection meets. */
export interface Listeners {
  readonly onFault: (error: Error) => void;
  /** after the tables hold the block */
  readonly onBlock?: (block: LedgerBlock) => void;
}

async function startingPosition(store: Store): Promise<Position> {
  const row = await projectedPosition(store);
  if (row?.version === PROJECTION_VERSION) return { block: row.block, hash: row.hash };
  await store.db.transaction().execute(resetProjection);
  return { block: -1, hash: '0'.repeat(64) };
}

class Follower implements Projection {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #listeners: Listeners;
  readonly #abort = new AbortController();
  readonly #waiters = new Set<Waiter>();
  #at: Position;
  #fault: Error | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(store: Store, ledger: Ledger, at: Position, listeners: Listeners) {
    this.#store = store;
    this.#ledger = ledger;
    this.#at = at;
    this.#listeners = listeners;
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
    if (this.#abort.signal.aborted) return Promise.reject(new ProjectionStopped());
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const forget = () => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener('abort', giveUp);
      };
      const giveUp = () => waiter.reject(signal?.reason);
      const waiter: Waiter = {
        block,
        resolve: () => {
          forget();
          resolve();
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
      };
      this.#waiters.add(waiter);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    for (const waiter of this.#waiters) waiter.reject(new ProjectionStopped());
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
        this.#listeners.onFault(this.#fault);
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
      this.#listeners.onBlock?.(block);
      this.#wake();
    }
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (waiter.block <= this.#at.block) waiter.resolve();
    }
  }
}

/** Starts following from where the store stands; a store projected by other code is replayed from block 0. */
export async function startProjection(store: Store, ledger: Ledger, listeners: Listeners): Promise<Projection> {
  const follower = new Follower(store, ledger, await startingPosition(store), listeners);
  follower.start();
  return follower;
}
