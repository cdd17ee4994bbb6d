import { describe, expect, it } from 'vitest';
import type { Entered } from '../../api/anchors/enter-lines.js';
import type { GoodLine } from '../../api/anchors/judge-line.js';
import { NdjsonSplitter } from '../../api/anchors/split-lines.js';
import { type LineTaker, MOST_LISTED, takeLines } from '../../api/anchors/take-lines.js';
import { hash } from '../support/digests.js';

const AGENCY = '913100000000000001';
const CHUNK = 64 * 1024;

const lineOf = (index: number) => {
  const digest = { alg: 'sha-256', value: hash(`${index}`) };
  return `${JSON.stringify({ recordId: `r-${index}`, kind: 'milestone', digest, occurredAt: '2026-11-02T01:02:03Z' })}\n`;
};

/** Takes what it is given when it is let, and counts. */
class Taker implements LineTaker {
  readonly signal = new AbortController().signal;
  lines = 0;
  readonly #enter: (lines: readonly GoodLine[]) => Promise<void>;

  constructor(enter: (lines: readonly GoodLine[]) => Promise<void>) {
    this.#enter = enter;
  }

  async room(): Promise<void> {}

  async append(_agency: string, lines: readonly GoodLine[]): Promise<Entered> {
    await this.#enter(lines);
    this.lines += lines.length;
    return { accepted: lines.length, batches: new Set([1]), taken: [] };
  }

  open(batches: Iterable<number>): number[] {
    return [...batches];
  }
}

/** A stream of so many bytes whose next chunk is always there. */
class Source {
  readonly readableLength = CHUNK;
  bytes = 0;
  lines = 0;
  readonly #total: number;

  constructor(total: number) {
    this.#total = total;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    while (this.bytes < this.#total) {
      let text = '';
      while (text.length < CHUNK) text += lineOf(this.lines++);
      this.bytes += text.length;
      yield Buffer.from(text);
    }
  }
}

const BYTES_A_LINE = lineOf(0).length;
/** The lines of one commit, and the chunk that the last of them came in. */
const MOST_IN_FLIGHT = 2048 * (BYTES_A_LINE + 8) + 2 * CHUNK;

describe('a stream of lines', () => {
  it('is read no further than what is on the disk, however long it is', async () => {
    const source = new Source(24 * 1024 * 1024);
    let most = 0;
    const taker: Taker = new Taker(async () => {
      most = Math.max(most, source.bytes - taker.lines * BYTES_A_LINE);
    });
    const taken = await takeLines(taker, AGENCY, source, new NdjsonSplitter());
    expect(taken.accepted).toBe(source.lines);
    expect(taken.accepted).toBeGreaterThan(90_000);
    // Later ids are some bytes longer than the first; what is counted for them is too little by that much.
    const longer = source.bytes - source.lines * BYTES_A_LINE;
    expect(most).toBeLessThan(MOST_IN_FLIGHT + longer);
    expect(MOST_IN_FLIGHT).toBeLessThan(1024 * 1024);
  });

  it('stands still while the disk does', async () => {
    const source = new Source(24 * 1024 * 1024);
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const taken = takeLines(new Taker(() => gate), AGENCY, source, new NdjsonSplitter());
    for (let turn = 0; turn < 1000; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(source.bytes).toBeLessThan(MOST_IN_FLIGHT);
    release();
    expect((await taken).accepted).toBe(source.lines);
  });

  it('is entered as far as it has come when no more is at hand', async () => {
    const seen: number[] = [];
    const taker = new Taker(async (lines) => {
      seen.push(lines.length);
    });
    const before: number[][] = [];
    async function* chunks() {
      for (const text of [lineOf(1) + lineOf(2), lineOf(3)]) {
        before.push([...seen]);
        yield Buffer.from(text);
      }
    }
    await takeLines(taker, AGENCY, chunks(), new NdjsonSplitter());
    expect([before, seen]).toEqual([
      [[], [2]],
      [2, 1],
    ]);
  });

  it('of bad lines is listed up to a bound, and counted beyond it', async () => {
    async function* chunks() {
      yield Buffer.from('x\n'.repeat(MOST_LISTED + 7));
    }
    const taken = await takeLines(new Taker(async () => {}), AGENCY, chunks(), new NdjsonSplitter());
    expect([taken.accepted, taken.rejected.length, taken.unlisted]).toEqual([0, MOST_LISTED, 7]);
    expect(taken.rejected.at(-1)).toEqual({ line: MOST_LISTED, code: 'request.invalid' });
  });

  it('that breaks off fails, and so does one whose lines cannot be entered', async () => {
    async function* broken() {
      yield Buffer.from(lineOf(1));
      throw new Error('aborted');
    }
    const taker = new Taker(async () => {});
    await expect(takeLines(taker, AGENCY, broken(), new NdjsonSplitter())).rejects.toMatchObject({ code: 'request.invalid' });
    expect(taker.lines).toBe(1);
    const full = new Taker(async () => {
      throw new Error('disk is full');
    });
    await expect(takeLines(full, AGENCY, new Source(1), new NdjsonSplitter())).rejects.toThrow('disk is full');
  });
});
