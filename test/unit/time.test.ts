import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isBefore, later } from '../../chaincode/time.js';

const FIRST = Date.parse('0001-01-01T00:00:00Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

/** Both forms that an instant has; whole seconds are written without milliseconds or with zeros. */
const form = fc.tuple(fc.integer({ min: FIRST, max: LAST }), fc.boolean()).map(([milliseconds, short]) => {
  const text = new Date(milliseconds).toISOString();
  return short ? text.replace('.000', '') : text;
});

describe('the order of instants', () => {
  it('is that of time, whichever form they are written in', () => {
    fc.assert(
      fc.property(form, form, (left, right) => {
        expect(isBefore(left, right)).toBe(Date.parse(left) < Date.parse(right));
      }),
    );
  });

  it('holds within one second, where the text alone would say otherwise', () => {
    const [whole, zeros, half] = ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.500Z'];
    expect([isBefore(whole, zeros), isBefore(zeros, whole)]).toEqual([false, false]);
    expect([isBefore(whole, half), isBefore(half, whole)]).toEqual([true, false]);
    expect(later(half, whole)).toBe(half);
    expect(later(whole, half)).toBe(half);
  });
});
