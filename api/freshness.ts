/**
 * Until when this API's reads are known to be whole. Reads come from its own tables, so they go on while the network
 * cannot be reached; what others wrote meanwhile is then missing, and answers say since when they cannot tell.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { formatInstant } from '../chaincode/time.js';
import type { Ledger, LedgerInfo } from '../network/ledger.js';
import type { Projection } from './projection/projection.js';

export interface FreshnessDeps {
  readonly ledger: Pick<Ledger, 'info'>;
  readonly projection: Pick<Projection, 'waitFor'>;
  /** milliseconds since the epoch */
  readonly clock: () => number;
}

export interface FreshnessTimes {
  /** from one look to the next, in milliseconds */
  readonly every: number;
  /** how long the ledger and the tables may take to answer */
  readonly patience: number;
  /** how old the last good look may be */
  readonly tolerance: number;
}

const TIMES: FreshnessTimes = { every: 2000, patience: 3000, tolerance: 10_000 };

/**
 * The height that reads must have to be whole; undefined when nobody here can tell. On the network two provinces
 * must be in reach: the two others then cannot have gone on alone. The second highest counts, so that one
 * peer's invented height makes nobody wait.
 */
export function wholeAt({ kind, height, provinces }: LedgerInfo): number | undefined {
  const heights = provinces.filter(({ reachable }) => reachable).map((province) => province.height);
  if (kind === 'embedded') return heights.length > 0 ? height : undefined;
  return heights.toSorted((one, other) => other - one)[1];
}

export class Freshness {
  readonly #deps: FreshnessDeps;
  readonly #times: FreshnessTimes;
  readonly #abort = new AbortController();
  readonly #done: Promise<void>;
  /** when the last good look began, by the deps' clock, and by one that is never set */
  #whole: { readonly at: number; readonly elapsed: number };

  /** The tables are whole when it begins: a start waits for that. */
  constructor(deps: FreshnessDeps, times = TIMES) {
    this.#deps = deps;
    this.#times = times;
    this.#whole = this.#now();
    this.#done = this.#watch();
  }

  /** Until when reads are known to hold every record, RFC 3339; undefined while they do. */
  get staleAsOf(): string | undefined {
    const isLate = performance.now() - this.#whole.elapsed > this.#times.tolerance;
    return isLate ? formatInstant(this.#whole.at) : undefined;
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#done;
  }

  #now() {
    return { at: this.#deps.clock(), elapsed: performance.now() };
  }

  async #isWhole(): Promise<boolean> {
    const { ledger, projection } = this.#deps;
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(this.#times.patience)]);
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    late.catch(() => undefined);
    try {
      const height = wholeAt(await Promise.race([ledger.info(), late]));
      if (height !== undefined) await projection.waitFor(height - 1, signal);
      return height !== undefined;
    } catch {
      return false;
    }
  }

  async #watch(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const began = this.#now();
      if (await this.#isWhole()) this.#whole = began;
      await delay(this.#times.every, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
