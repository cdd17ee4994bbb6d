/**
 * A stream of bytes as lines, one at a time: those of NDJSON, or the items of a JSON array. Nothing but the
 * line that is not whole yet is kept, and of one that is too long not even that.
 */
import { Problem } from '../http/problem.js';

/** A record with all its fields at their longest is a tenth of this. */
export const LINE_LIMIT = 4096;

/** The bytes of a line; undefined for one that is longer than any that could be good. */
export type RawLine = Buffer | undefined;

export interface LineSplitter {
  /** The lines that a chunk completes. */
  push(chunk: Buffer): RawLine[];
  /** What is left when the stream ends. */
  end(): RawLine[];
}

const NEWLINE = 0x0a;
const EMPTY = Buffer.alloc(0);

/** What has come of a line so far. */
class Unfinished {
  #bytes = EMPTY;
  #tooLong = false;

  get isEmpty(): boolean {
    return this.#bytes.length === 0 && !this.#tooLong;
  }

  /** Copies: the chunk's memory is not kept for the sake of its last bytes. */
  add(bytes: Buffer): void {
    this.#tooLong ||= this.#bytes.length + bytes.length > LINE_LIMIT;
    this.#bytes = this.#tooLong ? EMPTY : Buffer.concat([this.#bytes, bytes]);
  }

  /** The line that these bytes complete. */
  take(last: Buffer): RawLine {
    if (this.isEmpty) return last.length > LINE_LIMIT ? undefined : last;
    this.add(last);
    const line = this.#tooLong ? undefined : this.#bytes;
    this.#bytes = EMPTY;
    this.#tooLong = false;
    return line;
  }
}

/** Lines end with a line feed; the last may do without. */
export class NdjsonSplitter implements LineSplitter {
  readonly #rest = new Unfinished();

  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      lines.push(this.#rest.take(chunk.subarray(from, at)));
      from = at + 1;
    }
    if (from < chunk.length) this.#rest.add(chunk.subarray(from));
    return lines;
  }

  end(): RawLine[] {
    return this.#rest.isEmpty ? [] : [this.#rest.take(EMPTY)];
  }
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);
const [ARRAY_OPENS, BACKSLASH, ARRAY_CLOSES] = [0x5b, 0x5c, 0x5d];
const SPACES = new Set([0x20, 0x09, 0x0a, 0x0d]);

type Stage = 'before' | 'first' | 'item' | 'after' | 'garbage';

/**
 * Items of one array. What stands between commas is an item, whatever it is: judging it is not done here.
 * An array that breaks off, or that something follows, ends with one more item, which cannot be good.
 */
export class ArraySplitter implements LineSplitter {
  readonly #rest = new Unfinished();
  #stage: Stage = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** @throws Problem `request.invalid` for what does not begin as an array */
  push(chunk: Buffer): RawLine[] {
    const lines: RawLine[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (this.#stage !== 'item') {
        this.#outside(byte);
        from = this.#inItem() ? at : at + 1;
        if (!this.#inItem()) continue;
      }
      if (!this.#endsItem(byte)) continue;
      lines.push(this.#rest.take(chunk.subarray(from, at)));
      if (byte === ARRAY_CLOSES) this.#stage = 'after';
      from = at + 1;
    }
    if (this.#inItem()) this.#rest.add(chunk.subarray(from));
    return lines;
  }

  /** @throws Problem `request.invalid` when no array has begun */
  end(): RawLine[] {
    if (this.#stage === 'before') throw notAnArray();
    return this.#stage === 'after' ? [] : [undefined];
  }

  #inItem(): boolean {
    return this.#stage === 'item';
  }

  #outside(byte: number): void {
    if (SPACES.has(byte)) return;
    if (this.#stage === 'before') {
      if (byte !== ARRAY_OPENS) throw notAnArray();
      this.#stage = 'first';
    } else if (this.#stage === 'first') this.#stage = byte === ARRAY_CLOSES ? 'after' : 'item';
    else this.#stage = 'garbage';
  }

  /** Whether the byte is the comma or bracket after the item, which strings and nesting hide. */
  #endsItem(byte: number): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return false;
    }
    if (byte === QUOTE) this.#inString = true;
    else if (OPENING.has(byte)) this.#depth += 1;
    else if (this.#depth > 0) this.#depth -= CLOSING.has(byte) ? 1 : 0;
    else return byte === COMMA || byte === ARRAY_CLOSES;
    return false;
  }
}

function notAnArray(): Problem {
  return new Problem('request.invalid', {
    errors: [{ path: '', message: 'not a JSON array; send one, or application/x-ndjson' }],
  });
}
