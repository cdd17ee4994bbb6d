import { describe, expect, it } from 'vitest';
import { Problem } from '../../api/http/problem.js';
import { GUESS_WINDOW_MILLISECONDS, GUESSES, GuessLimit } from '../../api/verification/guess-limit.js';

function refusal(act: () => void): Problem {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was let through');
}

describe('the limit on guesses', () => {
  it('lets a hundred through and refuses the next, and every question after it', () => {
    const limit = new GuessLimit(() => 0);
    for (let guess = 0; guess < GUESSES; guess++) {
      limit.ensureLeft('192.0.2.1');
      limit.count('192.0.2.1', 1);
    }
    expect(refusal(() => limit.ensureLeft('192.0.2.1')).code).toBe('request.rate');
    expect(refusal(() => limit.count('192.0.2.1', 1)).facts.retryAfter).toBe(3600);
    limit.ensureLeft('192.0.2.2');
  });

  it('does not count answers that are known', () => {
    const limit = new GuessLimit(() => 0);
    for (let question = 0; question < 10 * GUESSES; question++) limit.count('192.0.2.1', 0);
    limit.ensureLeft('192.0.2.1');
  });

  it('refuses a list that would go beyond it, and answers none of it', () => {
    const limit = new GuessLimit(() => 0);
    limit.count('192.0.2.1', 60);
    expect(refusal(() => limit.count('192.0.2.1', 41)).code).toBe('request.rate');
    expect(refusal(() => limit.ensureLeft('192.0.2.1')).code).toBe('request.rate');
  });

  it('starts anew after an hour', () => {
    let now = 0;
    const limit = new GuessLimit(() => now);
    limit.count('192.0.2.1', GUESSES);
    now = GUESS_WINDOW_MILLISECONDS - 1;
    expect(refusal(() => limit.ensureLeft('192.0.2.1')).facts.retryAfter).toBe(1);
    now = GUESS_WINDOW_MILLISECONDS;
    limit.ensureLeft('192.0.2.1');
    limit.count('192.0.2.1', GUESSES);
  });

  it('takes a whole /64 of IPv6 for one, and its neighbour for another', () => {
    const limit = new GuessLimit(() => 0);
    limit.count('2001:db8:0:1::1', GUESSES);
    expect(refusal(() => limit.ensureLeft('2001:db8:0:1:ffff::2')).code).toBe('request.rate');
    expect(refusal(() => limit.ensureLeft('2001:db8::1:0:0:0:9')).code).toBe('request.rate');
    limit.ensureLeft('2001:db8:0:2::1');
    limit.count('::ffff:192.0.2.1', GUESSES);
    limit.ensureLeft('::ffff:192.0.2.2');
  });
});
