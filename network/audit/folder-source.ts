/** A data folder's block log as an audit reads it: every byte of it, and nothing is written. */
import { existsSync } from 'node:fs';
import { pathsOf } from '../embedded/folder.js';
import {
  FILE_HEADER_LENGTH,
  FRAME_HEADER_LENGTH,
  fileVersion,
  LOG_VERSION,
  matches,
  parseFrameHeader,
} from '../embedded/frame.js';
import { LogReader } from '../embedded/log-scan.js';
import type { WatermarkValue } from '../embedded/watermark.js';
import { type Block, decodeBlock, encodeBlock } from '../format/block.js';
import { CannotTell, type Difference, Differs, NotThere } from './difference.js';
import type { BlockSource, SourceBlock } from './source.js';

export interface FolderSource extends BlockSource {
  /** where each block that was given ends, in bytes */
  readonly ends: readonly number[];
  /**
   * Goes on with the file that the path names now, which is another one once a folder was put back.
   * @throws NotThere when it has not all that was acknowledged
   * @throws Differs when it is another file, and not with the same blocks as far as they were given
   */
  renew(mark: WatermarkValue): void;
  close(): void;
}

const COMPARED_AT_ONCE = 1 << 20;

/** The first byte in which two files differ, up to a length. */
function firstOtherByte(one: LogReader, other: LogReader, length: number): number | undefined {
  for (let offset = 0; offset < length; offset += COMPARED_AT_ONCE) {
    const part = Math.min(COMPARED_AT_ONCE, length - offset);
    const [left, right] = [one.read(offset, part), other.read(offset, part)];
    if (left.equals(right)) continue;
    const index = left.findIndex((byte, at) => byte !== right[at]);
    return offset + (index < 0 ? left.length : index);
  }
  return undefined;
}

class LogSource implements FolderSource {
  readonly name: string;
  readonly ends: number[] = [];
  #reader: LogReader;
  readonly #limit: () => number;

  constructor(name: string, reader: LogReader, limit: () => number) {
    this.name = name;
    this.#reader = reader;
    this.#limit = limit;
  }

  get size(): number {
    return Math.min(this.#reader.length, this.#limit());
  }

  #at(number: number, offset: number): { block: Block; next: number } {
    const wrong = (problem: string): never => {
      const difference: Difference = { check: 'record', block: number, problem: `block ${number}: ${problem}` };
      throw new Differs({ ...difference, problem: `${difference.problem} (byte ${offset} of ${this.name})` });
    };
    const head = this.#reader.read(offset, FRAME_HEADER_LENGTH);
    const header = parseFrameHeader(head);
    if (!header) return wrong(head.length < FRAME_HEADER_LENGTH ? 'the file ends within its record' : 'no record begins here');
    const bytes = this.#reader.read(offset + FRAME_HEADER_LENGTH, header.length);
    if (bytes.length < header.length) return wrong('the file ends within its record');
    if (!matches(header, bytes)) return wrong('its checksum does not match');
    if (header.number !== number) return wrong(`its record is that of block ${header.number}`);
    let block: Block;
    try {
      block = decodeBlock(bytes);
    } catch (error) {
      return wrong((error as Error).message);
    }
    if (!encodeBlock(block).equals(bytes)) return wrong('it has fields that no block of this ledger has');
    return { block, next: offset + FRAME_HEADER_LENGTH + header.length };
  }

  #begin(number: number): number {
    return number === 0 ? FILE_HEADER_LENGTH : (this.ends[number - 1] as number);
  }

  async *blocks(from: number): AsyncGenerator<SourceBlock> {
    const { size } = this;
    for (let offset = this.#begin(from), number = from; offset < size; number += 1) {
      const { block, next } = this.#at(number, offset);
      this.ends[number] = next;
      offset = next;
      yield { block, read: next };
    }
  }

  async block(number: number): Promise<Block> {
    return this.#at(number, this.#begin(number)).block;
  }

  /** @throws NotThere when there is no file, or a shorter one */
  #openAgain({ height, logLength }: WatermarkValue): LogReader {
    const lacks = (is: string, block: number, found: string) => {
      const problem = `${this.name} ${is}, and ${height} blocks were acknowledged`;
      return new NotThere({ check: 'watermark', block, problem, expected: `${logLength} bytes`, found });
    };
    if (!existsSync(this.name)) throw lacks('is gone', 0, 'nothing');
    const reader = new LogReader(this.name);
    const { length } = reader;
    if (length >= logLength) return reader;
    reader.close();
    const block = this.ends.filter((end) => end <= length).length;
    throw lacks(`ends before block ${block} does`, block, `${length} bytes`);
  }

  #checkSame(other: LogReader): void {
    const offset = firstOtherByte(this.#reader, other, this.ends.at(-1) ?? FILE_HEADER_LENGTH);
    if (offset === undefined) return;
    const block = this.ends.findIndex((end) => end > offset);
    const problem = `${this.name} was replaced by another log: block ${block} is not the one that was read before (byte ${offset})`;
    throw new Differs({ check: 'record', block, problem });
  }

  renew(mark: WatermarkValue): void {
    const reader = this.#openAgain(mark);
    let superseded = reader;
    try {
      if (reader.file === this.#reader.file) return;
      this.#checkSame(reader);
      [superseded, this.#reader] = [this.#reader, reader];
    } finally {
      superseded.close();
    }
  }

  close(): void {
    this.#reader.close();
  }
}

/**
 * @param limit how far to read, in bytes: what a running ledger writes after it is not looked at
 * @throws CannotTell when there is no log of this version
 */
export function folderSource(folder: string, limit: () => number = () => Number.POSITIVE_INFINITY): FolderSource {
  const { log } = pathsOf(folder);
  if (!existsSync(log)) throw new CannotTell(`there is no ${log}: name the data folder (DATA_DIR) with --data`);
  const reader = new LogReader(log);
  const version = fileVersion(reader.read(0, FILE_HEADER_LENGTH));
  if (version === LOG_VERSION) return new LogSource(log, reader, limit);
  reader.close();
  if (version === undefined)
    throw new Differs({ check: 'record', block: 0, problem: `${log} does not begin as a block log does (byte 0)` });
  throw new CannotTell(`${log} has format ${version}, this audit reads ${LOG_VERSION}: use the version that wrote it`);
}
