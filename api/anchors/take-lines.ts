/**
 * One request's lines, from the stream to the disk. A chunk is judged, and what is good in it entered, before
 * the next is read: so the network waits for the disk, and memory holds a chunk however long the body is.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { Problem } from '../http/problem.js';
import type { ProblemCode } from '../http/problem-table.js';
import type { Anchors } from './anchors.js';
import { type GoodLine, isBad, judgeLine } from './judge-line.js';
import type { LineSplitter, RawLine } from './split-lines.js';

/** How many lines share a commit at most. */
const LINES_TOGETHER = 2048;
/** An answer lists this many rejected lines, and counts the rest: a long list is for nobody to read. */
export const MOST_LISTED = 10_000;
/** So many of them come with the proof of what is there. */
const MOST_PROVEN = 100;

export interface Rejected {
  readonly line: number;
  readonly code: ProblemCode;
  /** the tag of the record id that another record has, where its proof is to be told */
  readonly tag?: string;
}

export interface Body extends AsyncIterable<Buffer> {
  /** bytes that are there already */
  readonly readableLength?: number;
}

export interface Taken {
  readonly accepted: number;
  readonly rejected: readonly Rejected[];
  /** rejected lines that are not listed */
  readonly unlisted: number;
  /** SHA-256 over the body, 64 hex */
  readonly bodyDigest: string;
  /** batches that were not anchored yet when their lines were entered */
  readonly batches: ReadonlySet<number>;
}

/** What lines are given to. */
export type LineTaker = Pick<Anchors, 'signal' | 'room' | 'append' | 'open'>;

class Taking {
  readonly #anchors: LineTaker;
  readonly #agency: string;
  readonly rejected: Rejected[] = [];
  readonly batches = new Set<number>();
  accepted = 0;
  unlisted = 0;
  #line = 0;
  #proven = 0;
  #good: GoodLine[] = [];
  #turnedAway: Rejected[] = [];

  constructor(anchors: LineTaker, agency: string) {
    this.#anchors = anchors;
    this.#agency = agency;
  }

  async judge(lines: readonly RawLine[]): Promise<void> {
    for (const raw of lines) {
      this.#line += 1;
      const judged = judgeLine(this.#agency, this.#line, raw);
      if (isBad(judged)) this.#turnedAway.push(judged);
      else this.#good.push(judged);
      if (this.#good.length + this.#turnedAway.length >= LINES_TOGETHER) await this.enter();
    }
  }

  /** Enters what is good so far. */
  async enter(): Promise<void> {
    const good = this.#good;
    this.#good = [];
    if (good.length > 0) {
      await this.#anchors.room(this.#agency);
      const { accepted, batches, taken } = await this.#anchors.append(this.#agency, good);
      this.accepted += accepted;
      for (const number of this.#anchors.open(batches)) this.batches.add(number);
      for (const { line, tag } of taken) this.#turnedAway.push(this.#existing(line, tag));
    }
    this.#list(this.#turnedAway.sort((left, right) => left.line - right.line));
    this.#turnedAway = [];
  }

  #existing(line: number, tag: string): Rejected {
    this.#proven += 1;
    return { line, code: 'anchor.exists', ...(this.#proven <= MOST_PROVEN && { tag }) };
  }

  #list(lines: readonly Rejected[]): void {
    const listed = lines.slice(0, MOST_LISTED - this.rejected.length);
    this.rejected.push(...listed);
    this.unlisted += lines.length - listed.length;
  }
}

/** The body's chunks. @throws Problem when the client breaks off, or this process takes nothing more */
export async function* chunksOf(body: Body, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) {
      if (signal.aborted) break;
      yield chunk;
    }
  } catch {
    throw new Problem('request.invalid', { errors: [{ path: '', message: 'the body broke off' }] });
  }
  if (signal.aborted) throw new Problem('ledger.unavailable');
}

/** Whether more is at hand; what the network brings at this very moment counts, because a commit costs more than a line. */
async function hasMore(body: Body): Promise<boolean> {
  if (body.readableLength === 0) await nextTurn();
  return (body.readableLength ?? 0) > 0;
}

/** @throws Problem, and whatever the store throws: lines entered before stay entered, and the same body may be sent again */
export async function takeLines(anchors: LineTaker, agency: string, body: Body, splitter: LineSplitter): Promise<Taken> {
  const taking = new Taking(anchors, agency);
  const digest = createHash('sha256');
  for await (const chunk of chunksOf(body, anchors.signal)) {
    digest.update(chunk);
    await taking.judge(splitter.push(chunk));
    if (!(await hasMore(body))) await taking.enter();
  }
  await taking.judge(splitter.end());
  await taking.enter();
  const { accepted, rejected, unlisted, batches } = taking;
  return { accepted, rejected, unlisted, batches, bodyDigest: digest.digest('hex') };
}

/** Whether all batches are anchored in time. */
export async function allAnchored(anchors: Anchors, batches: Iterable<number>, milliseconds: number): Promise<boolean> {
  const timeout = new AbortController();
  const all = Promise.all([...batches].map((number) => anchors.anchored(number))).then(() => true);
  const late = delay(milliseconds, false, { signal: timeout.signal }).catch(() => false);
  try {
    return await Promise.race([all, late]);
  } finally {
    timeout.abort();
  }
}
