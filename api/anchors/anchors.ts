/**
 * Records on their way to be anchored: from the request through the store to the ledger. What is in the store
 * is never lost: a start sends what earlier processes left open, each batch under its own operation.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { SettleDeps } from '../submission/settle.js';
import { findOpenBatches, lastBatchNumber } from './anchor-rows.js';
import type { Entered } from './enter-lines.js';
import { Journal, type OpenBatch } from './journal.js';
import type { GoodLine } from './judge-line.js';
import { Lane } from './lane.js';
import { sendBatch } from './send-batch.js';

/** Two full batches: enough to keep the ledger busy, and done in well under a second. */
const MOST_UNDER_WAY = 8192;
/** How long a line waits for others to be anchored: a ledger that stands still must not keep lines off the disk. */
const LONGEST_WAIT_MILLISECONDS = 250;
/** When a batch is sent again that the ledger has refused. */
const AGAIN_MILLISECONDS = 60_000;

export interface AnchorsDeps extends Omit<SettleDeps, 'signal'> {
  readonly log?: (message: string) => void;
}

interface UnderWay {
  readonly agency: string;
  size: number;
  readonly anchored: Promise<void>;
  readonly resolve: () => void;
}

export class Anchors {
  readonly #deps: AnchorsDeps & SettleDeps;
  readonly #journal: Journal;
  readonly #lanes = new Map<string, Lane>();
  readonly #underWay = new Map<number, UnderWay>();
  readonly #flights = new Set<Promise<void>>();
  readonly #abort: AbortController;
  /** wakes those who wait for room */
  readonly #waiting = new Set<() => void>();
  /** how many records of each agency are in the store and not yet on the ledger */
  readonly #records = new Map<string, number>();
  /** batches of earlier processes that were not tried yet; undefined before `recover` */
  #owed: Set<number> | undefined;

  private constructor(deps: AnchorsDeps, lastBatch: number) {
    this.#abort = new AbortController();
    this.#deps = { ...deps, signal: this.#abort.signal };
    this.#journal = new Journal(deps.store, lastBatch, (agency, batches) => this.#filled(agency, batches));
  }

  static async open(deps: AnchorsDeps): Promise<Anchors> {
    return new Anchors(deps, await lastBatchNumber(deps.store));
  }

  /** Aborts when this process takes nothing more. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether everything that earlier processes left open was anchored, or refused. */
  get recovered(): boolean {
    return this.#owed?.size === 0;
  }

  /** Resolves when the lines are on the disk. */
  append(agency: string, lines: readonly GoodLine[]): Promise<Entered> {
    return this.#journal.append(agency, lines);
  }

  /** Waits while more is on its way than the ledger has at hand, but not for long. */
  async room(agency: string): Promise<void> {
    if (this.#hasRoom(agency)) return;
    let wake = () => {};
    const freed = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.add(wake);
    const timer = setTimeout(wake, LONGEST_WAIT_MILLISECONDS);
    await freed;
    clearTimeout(timer);
    this.#waiting.delete(wake);
  }

  /** Those of the batches that are still on their way. */
  open(batches: Iterable<number>): number[] {
    return [...batches].filter((number) => this.#underWay.has(number));
  }

  /** Resolves when a batch is anchored: at once when it was, or was never under way here. */
  async anchored(number: number): Promise<void> {
    await this.#underWay.get(number)?.anchored;
  }

  /** Sends what earlier processes left open. Call it once, when the projection has caught up. */
  async recover(): Promise<void> {
    const batches = await findOpenBatches(this.#deps.store);
    this.#owed = new Set(batches.map(({ number }) => number));
    for (const { agency, number } of batches) {
      this.#count(agency, { number, size: 0 });
      this.#lane(agency).take({ number, size: 0 });
    }
  }

  /** Takes and sends nothing more: what is in the store is for the next process. */
  stop(): void {
    this.#abort.abort();
  }

  async close(): Promise<void> {
    this.stop();
    for (const lane of this.#lanes.values()) lane.stop();
    await Promise.allSettled([...this.#flights]);
  }

  #lane(agency: string): Lane {
    let lane = this.#lanes.get(agency);
    if (!lane) {
      lane = new Lane({
        send: (batch) => this.#send(agency, batch),
        close: () => {
          if (this.#journal.isWriting) return false;
          this.#journal.close(agency);
          return true;
        },
      });
      this.#lanes.set(agency, lane);
    }
    return lane;
  }

  #filled(agency: string, batches: readonly OpenBatch[]): void {
    for (const batch of batches) this.#count(agency, batch);
    this.#lane(agency).filled(batches);
  }

  #hasRoom(agency: string): boolean {
    return (this.#records.get(agency) ?? 0) < MOST_UNDER_WAY;
  }

  #count(agency: string, { number, size }: OpenBatch): void {
    let batch = this.#underWay.get(number);
    if (!batch) {
      let resolve = () => {};
      const anchored = new Promise<void>((done) => {
        resolve = done;
      });
      batch = { agency, size: 0, anchored, resolve };
      this.#underWay.set(number, batch);
    }
    this.#records.set(agency, (this.#records.get(agency) ?? 0) + size - batch.size);
    batch.size = size;
  }

  async #send(agency: string, batch: OpenBatch): Promise<void> {
    if (this.#abort.signal.aborted) return;
    const flight = this.#sendUntilAnchored(agency, batch);
    this.#flights.add(flight);
    await flight;
    this.#flights.delete(flight);
  }

  async #sendUntilAnchored(agency: string, { number }: OpenBatch): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const sent = await sendBatch(this.#deps, number).catch((error: unknown) => ({ kind: 'refused' as const, error }));
      if (sent.kind !== 'stopped') this.#owed?.delete(number);
      if (sent.kind === 'anchored') this.#end(number);
      if (sent.kind !== 'refused') return;
      this.#deps.log?.(`anchor batch ${number} of ${agency} waits: ${String(sent.error)}`);
      await delay(AGAIN_MILLISECONDS, undefined, { signal }).catch(() => {});
    }
  }

  #end(number: number): void {
    const batch = this.#underWay.get(number);
    if (!batch) return;
    const { agency, size, resolve } = batch;
    this.#underWay.delete(number);
    this.#records.set(agency, (this.#records.get(agency) ?? 0) - size);
    resolve();
    if (this.#hasRoom(agency)) for (const wake of this.#waiting) wake();
  }
}
