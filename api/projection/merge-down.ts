/** Several lists, each sorted downwards by key, as one in that order. */
import type { Listed } from '../http/page.js';

/** Rows of one list with keys below one, the highest first; at most so many. */
export type Source<R> = (below: string, limit: number) => Promise<readonly R[]>;

/** What is read of each list before it is known which of them has the rows: most have few. */
const AT_FIRST = 8;

class Head<R extends Listed> {
  readonly #source: Source<R>;
  #rows: readonly R[] = [];
  #at = 0;

  constructor(source: Source<R>) {
    this.#source = source;
  }

  get row(): R | undefined {
    return this.#rows[this.#at];
  }

  async read(below: string, limit: number): Promise<void> {
    this.#rows = await this.#source(below, limit);
    this.#at = 0;
  }

  /** Goes on to the next row. */
  async advance(last: R, limit: number): Promise<void> {
    this.#at += 1;
    if (this.#at === this.#rows.length) await this.read(last.key, limit);
  }
}

/** The `limit` highest rows below a key. No list is read much further than it is needed, however long it is. */
export async function mergeDown<R extends Listed>(sources: readonly Source<R>[], below: string, limit: number): Promise<R[]> {
  const [only] = sources;
  if (only && sources.length === 1) return [...(await only(below, limit))];
  const heads = sources.map((source) => new Head(source));
  for (const head of heads) await head.read(below, AT_FIRST);
  const merged: R[] = [];
  while (merged.length < limit) {
    let highest: Head<R> | undefined;
    for (const head of heads) if (head.row && (!highest?.row || head.row.key > highest.row.key)) highest = head;
    const row = highest?.row;
    if (!highest || !row) break;
    merged.push(row);
    await highest.advance(row, limit - merged.length);
  }
  return merged;
}
