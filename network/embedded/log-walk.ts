/** A walk over the block log from some place to its end, and how what it finds compares with what was acknowledged. */
import { FILE_HEADER_LENGTH } from './frame.js';
import { type LogReader, type ScanFault, type ScannedBlock, type ScanStart, scan } from './log-scan.js';
import type { WatermarkValue } from './watermark.js';

export const BEGINNING: ScanStart = { number: 0, offset: FILE_HEADER_LENGTH, previousHash: Buffer.alloc(0) };

export interface Walk {
  /** number of whole blocks from the beginning */
  readonly height: number;
  /** where they end, in bytes */
  readonly end: number;
  readonly hash: Buffer;
  /** of the last block; empty when there is none */
  readonly commitHash: Buffer;
  /** what stands there instead of a further block; undefined at the end of the file */
  readonly fault: ScanFault | undefined;
  /** the log holds the very block that was acknowledged last, where it was */
  readonly holdsMark: boolean;
  /** hash of the block before that one; empty when the walk did not meet it */
  readonly hashBeforeMark: Buffer;
}

export async function walk(
  reader: LogReader,
  start: ScanStart,
  mark: WatermarkValue,
  visit: (block: ScannedBlock) => Promise<void> | void,
): Promise<Walk> {
  let [height, end, hash] = [start.number, start.offset, start.previousHash];
  let holdsMark = mark.height === 0;
  let [commitHash, hashBeforeMark]: [Buffer, Buffer] = [Buffer.alloc(0), Buffer.alloc(0)];
  const blocks = scan(reader, start);
  for (;;) {
    const { done, value } = blocks.next();
    if (done) return { height, end, hash, commitHash, fault: value, holdsMark, hashBeforeMark };
    await visit(value);
    commitHash = Buffer.from(value.block.commitHash);
    [height, end, hash] = [height + 1, value.next, value.hash];
    if (height === mark.height - 1) hashBeforeMark = hash;
    if (height === mark.height) holdsMark = end === mark.logLength && hash.equals(mark.hash);
  }
}
