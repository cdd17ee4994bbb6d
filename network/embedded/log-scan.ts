/**
 * Walks the block log from a known place and checks each record: frame and checksum, then the block's
 * number, its data hash and its link to the one before. Recovery and full verification both use it.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type Block, blockHash, dataHash, decodeBlock } from '../format/block.js';
import { FRAME_HEADER_LENGTH, matches, parseFrameHeader } from './frame.js';

export interface ScanStart {
  readonly number: number;
  readonly offset: number;
  /** hash of the block before; empty before block 0 */
  readonly previousHash: Buffer;
}

export interface ScannedBlock {
  readonly block: Block;
  readonly hash: Buffer;
  readonly offset: number;
  readonly next: number;
}

/** Where the walk could not go on, and why; at the end of the file there is no fault. */
export interface ScanFault {
  readonly number: number;
  readonly offset: number;
  readonly problem: string;
}

/** A file of the log, read in place. */
export class LogReader {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
  }

  /** Which file it is, whatever its path names by now. */
  get file(): string {
    const { dev, ino } = fstatSync(this.#descriptor, { bigint: true });
    return `${dev}:${ino}`;
  }

  get length(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** As many of the bytes as there are. */
  read(offset: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const count = readSync(this.#descriptor, buffer, read, length - read, offset + read);
      if (count === 0) break;
      read += count;
    }
    return buffer.subarray(0, read);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function linkProblem(block: Block, start: ScanStart): string | undefined {
  if (block.header.number !== start.number) return `it says it is block ${block.header.number}`;
  if (!Buffer.from(block.header.previousHash).equals(start.previousHash)) return 'it does not follow the block before';
  if (!dataHash(block.data).equals(Buffer.from(block.header.dataHash))) return 'its transactions are not those of its header';
  return undefined;
}

/** The block at a place, or what is wrong there. */
export function scanOne(reader: LogReader, start: ScanStart): ScannedBlock | ScanFault {
  const { number, offset } = start;
  const fault = (problem: string): ScanFault => ({ number, offset, problem });
  const head = reader.read(offset, FRAME_HEADER_LENGTH);
  if (head.length < FRAME_HEADER_LENGTH) return fault('the file ends within its record');
  const header = parseFrameHeader(head);
  if (!header || header.number !== number) return fault('no record of it begins here');
  const bytes = reader.read(offset + FRAME_HEADER_LENGTH, header.length);
  if (bytes.length < header.length) return fault('the file ends within its record');
  if (!matches(header, bytes)) return fault('its checksum does not match');
  let block: Block;
  try {
    block = decodeBlock(bytes);
  } catch (error) {
    return fault((error as Error).message);
  }
  const problem = linkProblem(block, start);
  if (problem) return fault(problem);
  return { block, hash: blockHash(block.header), offset, next: offset + FRAME_HEADER_LENGTH + header.length };
}

export function isFault(result: ScannedBlock | ScanFault): result is ScanFault {
  return 'problem' in result;
}

/** Blocks from a place to the end of the file, then the fault that ended the walk, if one did. */
export function* scan(reader: LogReader, start: ScanStart): Generator<ScannedBlock, ScanFault | undefined> {
  let place = start;
  while (place.offset < reader.length) {
    const result = scanOne(reader, place);
    if (isFault(result)) return result;
    yield result;
    place = { number: place.number + 1, offset: result.next, previousHash: result.hash };
  }
  return undefined;
}
