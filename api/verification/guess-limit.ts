/**
 * How often somebody may ask for digests that nobody knows. Who verifies documents seldom meets one; who
 * tries out digests of forms with guessed numbers meets nothing else.
 */
import { isIPv6 } from 'node:net';
import { Problem } from '../http/problem.js';

export const GUESSES = 100;
export const GUESS_WINDOW_MILLISECONDS = 60 * 60_000;
const REMEMBERED = 50_000;

interface Guesses {
  count: number;
  readonly until: number;
}

/** A household or office has a /64 of IPv6 to itself and could change its address with every guess. */
function neighbourhood(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = tail.split(':').filter((group) => group !== '');
  const zeros = address.includes('::') ? Array.from({ length: 8 - left.length - right.length }, () => '0') : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}

export class GuessLimit {
  readonly #clock: () => number;
  readonly #guesses = new Map<string, Guesses>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * Before anything is looked up: whoever has used up the guesses gets no answer at all, because a known
   * digest that is answered where an unknown one is not would be an answer to both.
   * @throws Problem `request.rate`
   */
  ensureLeft(address: string): void {
    const guesses = this.#of(address);
    if (guesses && guesses.count >= GUESSES) this.#refuse(guesses);
  }

  /** After the look-up, before the answer. @throws Problem `request.rate` when that was one guess too many */
  count(address: string, unknown: number): void {
    if (unknown === 0) return;
    const guesses = this.#of(address) ?? this.#start(address);
    guesses.count += unknown;
    if (guesses.count > GUESSES) this.#refuse(guesses);
  }

  #of(address: string): Guesses | undefined {
    const name = neighbourhood(address);
    const guesses = this.#guesses.get(name);
    if (guesses && guesses.until > this.#clock()) return guesses;
    this.#guesses.delete(name);
    return undefined;
  }

  #start(address: string): Guesses {
    const [oldest] = this.#guesses.keys();
    if (this.#guesses.size >= REMEMBERED && oldest !== undefined) this.#guesses.delete(oldest);
    const guesses = { count: 0, until: this.#clock() + GUESS_WINDOW_MILLISECONDS };
    this.#guesses.set(neighbourhood(address), guesses);
    return guesses;
  }

  #refuse(guesses: Guesses): never {
    throw new Problem('request.rate', { retryAfter: Math.ceil((guesses.until - this.#clock()) / 1000) });
  }
}
