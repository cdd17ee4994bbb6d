/**
 * Orders, validates and commits: while one block is being made durable, transactions gather for the
 * next, so that many share one fsync (group commit). A transaction is acknowledged only when its block
 * is in the log, synced, marked and applied, in this order.
 */
import { LedgerUnavailable, OutcomeUnknown } from '../errors.js';
import type { Membership } from '../identity/msp.js';
import type { NetworkNode } from '../identity/province.js';
import { Turns } from '../sqlite/turns.js';
import { appliedBlock } from './applied-block.js';
import { buildBlock, type ChainHead, updatesOf } from './block-builder.js';
import type { BlockLog } from './block-log.js';
import type { Readiness } from './readiness.js';
import type { StateReader } from './simulation.js';
import type { StateStore } from './state-store.js';
import { type CheckedTransaction, checkEnvelope, EnvelopeRefused, validateInOrder } from './validation.js';
import type { Watermark } from './watermark.js';

const MAX_TRANSACTIONS = 500;
const MAX_BLOCK_BYTES = 8 * 1024 * 1024;
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;
const MAX_QUEUED = 4096;

export interface CommitterDeps {
  readonly membership: Membership;
  readonly orderers: readonly NetworkNode[];
  readonly log: BlockLog;
  readonly watermark: Watermark;
  readonly state: StateStore;
  /** the same state as contracts read it: damage found there stops the ledger and gives the state up */
  readonly reader: StateReader;
  readonly readiness: Readiness;
  /** told after each block how many keys it wrote */
  readonly applied: (writes: number) => void;
}

export interface CommitResult {
  readonly block: number;
  readonly position: number;
  readonly code: number;
}

interface Waiting {
  readonly id: string;
  readonly envelope: Buffer;
  readonly checked: CheckedTransaction;
  readonly resolve: (result: CommitResult) => void;
  readonly reject: (error: Error) => void;
}

export class Committer {
  readonly #deps: CommitterDeps;
  readonly #queue: Waiting[] = [];
  readonly #followers = new Set<() => void>();
  readonly #turns = new Turns();
  #head: ChainHead;
  #queuedBytes = 0;
  #queued = 0;
  #running = false;
  #working: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(deps: CommitterDeps, head: ChainHead) {
    this.#deps = deps;
    this.#head = head;
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Transactions that are checked and wait for a block. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Calls back once, after the next block or when the ledger closes. */
  onNext(callback: () => void): () => void {
    this.#followers.add(callback);
    return () => this.#followers.delete(callback);
  }

  #notify(): void {
    const followers = [...this.#followers];
    this.#followers.clear();
    for (const follower of followers) follower();
  }

  /**
   * Takes an envelope as orderers do and tells where it ended up and with which code.
   * @throws EnvelopeRefused, FormatError, LedgerUnavailable: it is in no block; OutcomeUnknown: it may be
   */
  async broadcast(envelope: Buffer): Promise<CommitResult> {
    this.#deps.readiness.check();
    if (this.#closed) throw new LedgerUnavailable('the ledger is closed');
    if (envelope.length > MAX_BLOCK_BYTES) throw new EnvelopeRefused(`more than the ${MAX_BLOCK_BYTES} bytes of a block`);
    if (this.#queued >= MAX_QUEUED || this.#queuedBytes + envelope.length > MAX_QUEUED_BYTES)
      throw new LedgerUnavailable('too many transactions are waiting');
    this.#queued += 1;
    this.#queuedBytes += envelope.length;
    try {
      const checked = await checkEnvelope(this.#deps.membership, envelope);
      this.#deps.readiness.check();
      if (this.#closed) throw new LedgerUnavailable('the ledger is closed');
      return await new Promise((resolve, reject) => {
        this.#queue.push({ id: checked.id, envelope, checked, resolve, reject });
        if (!this.#running) this.#working = this.#work();
      });
    } finally {
      this.#queued -= 1;
      this.#queuedBytes -= envelope.length;
    }
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      bytes += waiting.envelope.length;
      if (count === MAX_TRANSACTIONS || (count > 0 && bytes > MAX_BLOCK_BYTES)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #work(): Promise<void> {
    this.#running = true;
    // One turn of the event loop, so that transactions which became ready together share a block.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#take();
      let written = false;
      try {
        const codes = await this.commit(
          batch.map(({ envelope }) => envelope),
          batch.map(({ checked }) => checked),
          () => {
            written = true;
          },
        );
        const block = this.#head.height - 1;
        for (const [position, { resolve }] of batch.entries()) resolve({ block, position, code: codes[position] as number });
      } catch (error) {
        this.#fail(error as Error, batch, written);
      }
    }
    this.#running = false;
  }

  #fail(error: Error, batch: readonly Waiting[], written: boolean): void {
    this.#deps.readiness.fail(`the ledger stopped at block ${this.#head.height}: ${error.message}`);
    const unavailable = new LedgerUnavailable(this.#deps.readiness.reason ?? error.message);
    for (const { id, reject } of batch) reject(written ? new OutcomeUnknown(id) : unavailable);
    for (const { reject } of this.#queue.splice(0)) reject(unavailable);
    this.#notify();
  }

  /** Does work between two blocks; the next one waits for it. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  /**
   * Commits one block; `writing` is called before the first byte of it may reach the disk. One at a time:
   * outside the committer's own work only where nothing waits, as at genesis.
   */
  commit(data: readonly Uint8Array[], checked: readonly CheckedTransaction[], writing = () => {}): Promise<number[]> {
    return this.#turns.run(() => this.#commit(data, checked, writing));
  }

  async #commit(data: readonly Uint8Array[], checked: readonly CheckedTransaction[], writing: () => void): Promise<number[]> {
    const { state, reader, log, watermark, orderers } = this.#deps;
    const number = this.#head.height;
    const codes = validateInOrder(
      { hasTransaction: (id) => state.transaction(id) !== undefined, version: (key) => reader.get(key)?.version },
      checked,
    );
    const updates = updatesOf(number, checked, codes);
    const built = await buildBlock(orderers, this.#head, data, codes, updates);
    const offset = log.end;
    writing();
    await log.append(number, built.bytes);
    watermark.write({ height: number + 1, hash: built.hash, logLength: log.end });
    const applied = appliedBlock(built.block, { hash: built.hash, offset, next: log.end }, checked);
    state.apply(applied);
    this.#head = { height: number + 1, hash: built.hash, commitHash: applied.commitHash };
    this.#deps.applied(updates.length);
    this.#notify();
    return codes;
  }

  /** Refuses what is new and waits for what is on its way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#working;
    this.#notify();
  }
}
