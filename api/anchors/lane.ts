/**
 * One agency's batches on their way. The one at work is closed at once when nothing is in flight; else when it
 * is full, or when what is in flight takes half as long again as batches have taken of late. A batch that is not
 * full and flies beside another takes its processor time from it: both land later than one after the other would.
 */
import { ANCHOR_LIMIT } from '../../chaincode/transactions/anchor/batch.js';
import type { OpenBatch } from './journal.js';

const MOST_IN_FLIGHT = 4;
const FLIGHTS_TO_WAIT = 1.5;
/** The journal may be filling another agency's batches, of which this lane hears nothing. */
const RETRY_MILLISECONDS = 5;
/** How much of the estimate the newest flight makes. */
const NEWEST = 0.2;

export interface LaneDeps {
  /** takes a closed batch to the ledger; resolves when it is certain, however it ended */
  readonly send: (batch: OpenBatch) => Promise<void>;
  /** nothing more goes into the batch at work; false while the journal is writing */
  readonly close: () => boolean;
}

export class Lane {
  readonly #deps: LaneDeps;
  readonly #closed: OpenBatch[] = [];
  #open: OpenBatch | undefined;
  #began = 0;
  #inFlight = 0;
  #flightMilliseconds = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
  }

  /** Takes a batch that nothing goes into any more. */
  take(batch: OpenBatch): void {
    this.#closed.push(batch);
    this.#fly();
  }

  /** Batches as they are now, the last of them at work unless it is full. */
  filled(batches: readonly OpenBatch[]): void {
    for (const batch of batches) {
      if (batch.number !== this.#open?.number) this.#began = performance.now();
      if (batch.size < ANCHOR_LIMIT) this.#open = batch;
      else {
        if (batch.number === this.#open?.number) this.#open = undefined;
        this.#closed.push(batch);
      }
    }
    this.consider();
  }

  /** Sends what is due. */
  consider(): void {
    this.#fly();
    if (this.#open && this.#inFlight < MOST_IN_FLIGHT) {
      const left = this.#inFlight === 0 ? 0 : this.#began + FLIGHTS_TO_WAIT * this.#flightMilliseconds - performance.now();
      if (left > 0) this.#wake(left);
      else if (this.#deps.close()) {
        this.#closed.push(this.#open);
        this.#open = undefined;
        this.#fly();
      } else this.#wake(RETRY_MILLISECONDS);
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wake(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.consider(), Math.ceil(milliseconds)).unref();
  }

  #fly(): void {
    while (this.#inFlight < MOST_IN_FLIGHT) {
      const batch = this.#closed.shift();
      if (!batch) return;
      this.#inFlight += 1;
      const began = performance.now();
      this.#deps.send(batch).then(() => {
        this.#inFlight -= 1;
        this.#flightMilliseconds += NEWEST * (performance.now() - began - this.#flightMilliseconds);
        this.consider();
      });
    }
  }
}
