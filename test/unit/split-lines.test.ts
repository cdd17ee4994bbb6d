import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArraySplitter, LINE_LIMIT, type LineSplitter, NdjsonSplitter } from '../../api/anchors/split-lines.js';

/** All lines of a text that comes in pieces cut at these places. */
function split(splitter: LineSplitter, text: string, cuts: readonly number[] = []): (string | undefined)[] {
  const bytes = Buffer.from(text);
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((left, right) => left - right);
  const pieces = [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()].map((line) => line?.toString());
}

const cuts = fc.array(fc.nat(), { maxLength: 12 });
const item = fc.jsonValue({ maxDepth: 3 });

describe('lines', () => {
  it('are the same however the stream is cut, with or without a line feed at its end', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[^\n]{0,40}$/u)), cuts, (lines, places) => {
        const whole = lines.map((line) => `${line}\n`).join('');
        expect(split(new NdjsonSplitter(), whole, places)).toEqual(lines.map((line) => Buffer.from(line).toString()));
        if (lines.at(-1)) expect(split(new NdjsonSplitter(), whole.slice(0, -1), places)).toHaveLength(lines.length);
      }),
    );
  });

  it('that are too long are told from those that are not, by one byte', () => {
    const [most, more] = ['x'.repeat(LINE_LIMIT), 'x'.repeat(LINE_LIMIT + 1)];
    for (const places of [[], [1], [LINE_LIMIT], [5, 4000, 5000]])
      expect(split(new NdjsonSplitter(), `${most}\n${more}\ngood\n${more}`, places)).toEqual([
        most,
        undefined,
        'good',
        undefined,
      ]);
  });
});

describe('items of an array', () => {
  it('are the same however it is written and cut', () => {
    const written = fc.constantFrom<(items: unknown[]) => string>(
      (items) => JSON.stringify(items),
      (items) => ` \n${JSON.stringify(items, null, 2)}\r\n `,
      (items) => `[${items.map((one) => ` ${JSON.stringify(one)} `).join(',')}]`,
    );
    fc.assert(
      fc.property(fc.array(item), written, cuts, (items, write, places) => {
        const found = split(new ArraySplitter(), write(items), places);
        expect(found.map((text) => JSON.parse(text ?? ''))).toEqual(JSON.parse(JSON.stringify(items)));
      }),
    );
  });

  it.each([
    ['[1', [undefined]],
    ['[', [undefined]],
    ['[1,', ['1', undefined]],
    ['[1,]', ['1', '']],
    ['[,]', ['', '']],
    ['["]"', [undefined]],
    ['[1]x', ['1', undefined]],
    ['[1][2]', ['1', undefined]],
    ['[{]', [undefined]],
    ['["\\"]",2]', ['"\\"]"', '2']],
    [`["${'x'.repeat(LINE_LIMIT)}",2]`, [undefined, '2']],
  ])('of %j are judged as %j', (text, expected) => {
    for (const places of [[], [1], [2, 3, 4]]) expect(split(new ArraySplitter(), text, places)).toEqual(expected);
  });

  it.each(['', ' ', '1', '{}', '\ufeff[]', 'null'])('are none of %j', (text) => {
    expect(() => split(new ArraySplitter(), text)).toThrow('request.invalid');
  });
});
