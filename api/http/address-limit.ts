import { neighbourhood } from './neighbourhood.js';
import { Problem } from './problem.js';

const REMEMBERED = 50_000;

interface Counted {
  count: number;
  readonly until: number;
}

/** Counts what each neighbourhood has done within a window, and refuses it more. */
export class AddressLimit {
  readonly #most: number;
  readonly #windowMilliseconds: number;
  readonly #clock: () => number;
  readonly #counted = new Map<string, Counted>();

  constructor(clock: () => number, { most, windowMilliseconds }: { readonly most: number; readonly windowMilliseconds: number }) {
    this.#clock = clock;
    this.#most = most;
    this.#windowMilliseconds = windowMilliseconds;
  }

  /** @throws Problem `request.rate` for whoever has none left */
  ensureLeft(address: string): void {
    const counted = this.#of(address);
    if (counted && counted.count >= this.#most) this.#refuse(counted);
  }

  /** @throws Problem `request.rate` when that was one too many */
  count(address: string, times: number): void {
    if (times === 0) return;
    const counted = this.#of(address) ?? this.#start(address);
    counted.count += times;
    if (counted.count > this.#most) this.#refuse(counted);
  }

  #of(address: string): Counted | undefined {
    const name = neighbourhood(address);
    const counted = this.#counted.get(name);
    if (counted && counted.until > this.#clock()) return counted;
    this.#counted.delete(name);
    return undefined;
  }

  #start(address: string): Counted {
    const [oldest] = this.#counted.keys();
    if (this.#counted.size >= REMEMBERED && oldest !== undefined) this.#counted.delete(oldest);
    const counted = { count: 0, until: this.#clock() + this.#windowMilliseconds };
    this.#counted.set(neighbourhood(address), counted);
    return counted;
  }

  #refuse(counted: Counted): never {
    throw new Problem('request.rate', { retryAfter: Math.ceil((counted.until - this.#clock()) / 1000) });
  }
}
