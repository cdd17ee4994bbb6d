import { describe, expect, it } from 'vitest';
import { FAR_BEHIND, Gaps } from '../../network/audit/fabric/gaps.js';

describe('what a province’s peer lacks', () => {
  const looks = (...all: readonly (number | undefined)[][]) => {
    const gaps = new Gaps();
    const view = (height: number | undefined, index: number) => ({ mspId: `M${index}`, height, equalUpTo: 0 });
    return all.map((heights) => [...gaps.look(heights.map(view)).values()]);
  };

  it('is told of one that stays far behind, though it comes on by a block between two looks', () => {
    const far = 10 + FAR_BEHIND;
    expect(looks([far, 10], [far + 1, 11], [far + 2, 12])).toEqual([
      [undefined, undefined],
      [undefined, `has blocks up to 10, and another province up to ${far}`],
      [undefined, `has blocks up to 11, and another province up to ${far + 1}`],
    ]);
  });

  it.each([
    ['is a block less behind than that', [9 + FAR_BEHIND, 10], [10 + FAR_BEHIND, 11]],
    ['has caught up at the next look', [10 + FAR_BEHIND, 10], [11 + FAR_BEHIND, 11 + FAR_BEHIND]],
    ['is so far behind at the second look only', [9 + FAR_BEHIND, 10], [11 + FAR_BEHIND, 11]],
  ] as [string, number[], number[]][])('is nothing when it %s', (_name, first, second) => {
    expect(looks(first, second).flat()).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('is told of one that stands still behind, or cannot be asked, at two looks', () => {
    expect(looks([20, 19, undefined], [21, 19, undefined])[1]).toEqual([
      undefined,
      'has blocks up to 18, and another province up to 20',
      'cannot be asked',
    ]);
  });
});
