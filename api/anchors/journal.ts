/**
 * The way of lines to the disk. Those that wait while one commit is written go into the next together; each
 * is told when it is there, and in which batch. Batches are filled here and nowhere else, so the one at work
 * is never sent with less than the store holds.
 */
import { randomBytes } from 'node:crypto';
import { ANCHOR_LIMIT } from '../../chaincode/transactions/anchor/batch.js';
import { transact } from '../store/direct.js';
import type { Store, StoreTransaction } from '../store/store.js';
import { enterBatch, numberOf } from './anchor-rows.js';
import { type Entered, enterLines, type Places } from './enter-lines.js';
import type { GoodLine } from './judge-line.js';

export interface OpenBatch {
  readonly number: number;
  readonly size: number;
}

interface Waiting {
  readonly agency: string;
  readonly lines: readonly GoodLine[];
  readonly resolve: (entered: Entered) => void;
  readonly reject: (error: unknown) => void;
}

/** Told of each commit, batch by batch in the order of their numbers; all but an agency's last are full. */
export type OnFilled = (agency: string, batches: readonly OpenBatch[]) => void;

/** Where records go while one commit is made; counted only when it is. */
class Filling implements Places {
  readonly filled = new Map<string, OpenBatch[]>();
  readonly #db: StoreTransaction;
  readonly #open: ReadonlyMap<string, OpenBatch>;
  readonly nextBatch: () => number;

  constructor(db: StoreTransaction, open: ReadonlyMap<string, OpenBatch>, nextBatch: () => number) {
    this.#db = db;
    this.#open = open;
    this.nextBatch = nextBatch;
  }

  async next(agency: string): Promise<number> {
    const batches = this.filled.get(agency) ?? [this.#open.get(agency)].filter((batch) => batch !== undefined);
    this.filled.set(agency, batches);
    let batch = batches.at(-1);
    if (!batch || batch.size >= ANCHOR_LIMIT) {
      batch = { number: this.nextBatch(), size: 0 };
      batches.push(batch);
      const operation = `anchor-${randomBytes(24).toString('base64url')}`;
      await enterBatch(this.#db, { number: batch.number, agency, operation, transaction_id: null });
    }
    batches[batches.length - 1] = { number: batch.number, size: batch.size + 1 };
    return numberOf(batch.number, batch.size);
  }
}

export class Journal {
  readonly #store: Store;
  readonly #onFilled: OnFilled;
  readonly #open = new Map<string, OpenBatch>();
  #lastBatch: number;
  #waiting: Waiting[] = [];
  #running = false;
  #writing = false;

  constructor(store: Store, lastBatch: number, onFilled: OnFilled) {
    this.#store = store;
    this.#lastBatch = lastBatch;
    this.#onFilled = onFilled;
  }

  /** Whether a commit is being made: what it fills is told when it is done, and nothing is closed meanwhile. */
  get isWriting(): boolean {
    return this.#writing;
  }

  /** Nothing more goes into the agency's batch at work. */
  close(agency: string): void {
    this.#open.delete(agency);
  }

  /** Resolves when the lines are on the disk. @throws whatever the store throws: then none of them is */
  append(agency: string, lines: readonly GoodLine[]): Promise<Entered> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ agency, lines, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      // One turn of the event loop, so that requests which came together share a commit.
      setImmediate(() => this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#commit(group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = false;
  }

  async #commit(group: readonly Waiting[]): Promise<void> {
    const told: (() => void)[] = [];
    this.#writing = true;
    const filled = await transact(this.#store.durable, async (db) => {
      const filling = new Filling(db, this.#open, () => ++this.#lastBatch);
      for (const { agency, lines, resolve } of group) {
        const entered = await enterLines(db, agency, lines, filling);
        told.push(() => resolve(entered));
      }
      return filling.filled;
    }).finally(() => {
      this.#writing = false;
    });
    for (const [agency, batches] of filled) {
      const last = batches.at(-1);
      if (last && last.size < ANCHOR_LIMIT) this.#open.set(agency, last);
      else this.#open.delete(agency);
    }
    for (const [agency, batches] of filled) this.#onFilled(agency, batches);
    for (const tell of told) tell();
  }
}
