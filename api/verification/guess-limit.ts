/**
 * How often somebody may ask for digests that nobody knows. Who verifies documents seldom meets one; who
 * tries out digests of forms with guessed numbers meets nothing else.
 */
import { AddressLimit } from '../http/address-limit.js';

export const GUESSES = 100;
export const GUESS_WINDOW_MILLISECONDS = 60 * 60_000;

/**
 * Asked before anything is looked up, and told after it: whoever has used up the guesses gets no answer at
 * all, because a known digest that is answered where an unknown one is not would be an answer to both.
 */
export class GuessLimit extends AddressLimit {
  constructor(clock: () => number) {
    super(clock, { most: GUESSES, windowMilliseconds: GUESS_WINDOW_MILLISECONDS });
  }
}
