import { describe, expect, it } from 'vitest';
import { type Exchange, expectSame } from '../support/recorded-client.js';

const [ONE, TWO, THREE] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];

function run(ids: readonly [string, string], changes: object = {}): readonly Exchange[] {
  const [transaction, hash] = ids;
  const endorsers = ['ShanghaiMSP', 'JiangsuMSP', 'AnhuiMSP'];
  const made = { block: 3, time: '2026-11-25T01:02:03.004Z', endorsers, transaction, hash, status: 'open', ...changes };
  return [
    { asked: 'POST /v1/cases', answer: made },
    { asked: 'GET /v1/cases', answer: { previous: hash } },
  ];
}

describe('two runs on two ledgers', () => {
  it('are the same but for ids, times, places and which three endorsed', () => {
    const others = {
      block: 90,
      time: '2026-12-01T00:00:00Z',
      endorsers: ['ShanghaiMSP', 'ZhejiangMSP', 'AnhuiMSP', 'JiangsuMSP'],
    };
    expect(() => expectSame(run([ONE, TWO]), run([THREE, ONE], others))).not.toThrow();
  });

  it.each([
    ['another state', run([ONE, TWO], { status: 'closed' })],
    ['one id in two places', run([ONE, ONE])],
    ['too few endorsers', run([ONE, TWO], { endorsers: ['ShanghaiMSP', 'JiangsuMSP'] })],
    ['one province counted twice', run([ONE, TWO], { endorsers: ['ShanghaiMSP', 'ShanghaiMSP', 'AnhuiMSP'] })],
    ['a block that is none', run([ONE, TWO], { block: '3' })],
    ['less to say', run([ONE, TWO]).slice(0, 1)],
  ])('are not the same with %s', (_what, other) => {
    expect(() => expectSame(run([ONE, TWO]), other)).toThrow();
    expect(() => expectSame(other, run([ONE, TWO]))).toThrow();
  });
});
