import { describe, expect, it } from 'vitest';
import { type Sight, Standstill } from '../../network/operation/standstill.js';

const well: Sight = { answers: true, height: 10, waiting: 0, peerHeight: 10, others: 3 };
const waiting: Sight = { ...well, waiting: 3 };
const behind: Sight = { ...waiting, peerHeight: 12 };
const silent: Sight = { ...well, answers: false, height: undefined };
const STEP_MS = 5000;

/** What is thought after each look, five seconds apart. */
function looks(...sights: readonly (Sight | undefined)[]): unknown[] {
  const standstill = new Standstill();
  return sights.map((sight, index) => {
    const standing = standstill.look(sight, index * STEP_MS);
    return standing && [standing.cause, standing.milliseconds];
  });
}

describe('an orderer is taken to stand still', () => {
  it('while it answers nothing', () => {
    expect(looks(well, silent, silent, silent)).toEqual([undefined, ['silent', 0], ['silent', 5000], ['silent', 10_000]]);
  });

  it('while it has fewer blocks than its peer, more than the one of which it is told with the next', () => {
    const oneLess = { ...well, peerHeight: 11 };
    expect(looks(oneLess, behind, behind)).toEqual([undefined, ['behind', 0], ['behind', 5000]]);
  });

  it('while requests wait and its height stands, whatever else is seen meanwhile', () => {
    expect(looks(waiting, waiting, behind, silent, waiting).at(-1)).toEqual(['waiting', 20_000]);
  });

  it('not while its height grows, though it is behind and requests wait', () => {
    const growing = [12, 14, 16, 16].map((height) => ({ ...behind, height, peerHeight: 20 }));
    expect(looks(behind, ...growing)).toEqual([
      ['behind', 0],
      ['behind', 0],
      ['behind', 0],
      ['behind', 0],
      ['behind', 5000],
    ]);
  });

  it('for requests that wait only from when two others answer: with fewer nothing is ordered anyway', () => {
    const alone = { ...waiting, others: 1 };
    const one = { ...waiting, others: 2 };
    expect(looks(alone, alone, one, one, alone)).toEqual([undefined, undefined, ['waiting', 0], ['waiting', 5000], undefined]);
  });

  it('not while nothing waits, nor when it does not run or has not joined the channel', () => {
    const away = { ...well, height: undefined };
    expect(looks(waiting, well, undefined, away)).toEqual([['waiting', 0], undefined, undefined, undefined]);
    expect(looks(waiting, undefined, waiting)).toEqual([['waiting', 0], undefined, ['waiting', 0]]);
  });

  it('from anew when nobody looked for long, and when it was started again', () => {
    const standstill = new Standstill();
    const at = (now: number) => standstill.look(silent, now)?.milliseconds;
    expect([at(0), at(30_000), at(60_001), at(70_000)]).toEqual([0, 30_000, 0, 9999]);
    standstill.reset();
    expect(at(80_000)).toBe(0);
  });
});
