/**
 * How blocks lie in `blocks.log`. The file begins with 32 bytes: the name `yrd-trust-blocks`, the
 * format's version (u32), and 12 bytes of the SHA-256 of those 20. Each record is 48 bytes and the
 * block: mark `BLOK`, length (u32), block number (u64), SHA-256 over these 16 bytes and the block. All big-endian.
 */
import { createHash } from 'node:crypto';

export const LOG_VERSION = 1;
export const FILE_HEADER_LENGTH = 32;
export const FRAME_HEADER_LENGTH = 48;
/** No block is ever larger; a length beyond it is damage, not a reason to allocate. */
export const MAX_BLOCK_LENGTH = 64 * 1024 * 1024;

const NAME = Buffer.from('yrd-trust-blocks', 'ascii');
export const MARK = Buffer.from('BLOK', 'ascii');

export interface FrameHeader {
  readonly length: number;
  readonly number: number;
  readonly checksum: Buffer;
  /** the bytes that the checksum covers before the block's */
  readonly covered: Buffer;
}

export function fileHeader(version = LOG_VERSION): Buffer {
  const header = Buffer.alloc(FILE_HEADER_LENGTH);
  NAME.copy(header);
  header.writeUInt32BE(version, 16);
  createHash('sha256').update(header.subarray(0, 20)).digest().copy(header, 20, 0, 12);
  return header;
}

/** The format's version; undefined when this is no header of a block log. */
export function fileVersion(header: Buffer): number | undefined {
  if (header.length < FILE_HEADER_LENGTH) return undefined;
  const version = header.readUInt32BE(16);
  return header.subarray(0, FILE_HEADER_LENGTH).equals(fileHeader(version)) ? version : undefined;
}

function checksumOf(covered: Uint8Array, block: Uint8Array): Buffer {
  return createHash('sha256').update(covered).update(block).digest();
}

/** The record's header; the block follows it in the file. */
export function frameHeader(number: number, block: Uint8Array): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_LENGTH);
  MARK.copy(header);
  header.writeUInt32BE(block.length, 4);
  header.writeBigUInt64BE(BigInt(number), 8);
  checksumOf(header.subarray(0, 16), block).copy(header, 16);
  return header;
}

/** Undefined when the bytes are no record's header. */
export function parseFrameHeader(bytes: Buffer): FrameHeader | undefined {
  if (bytes.length < FRAME_HEADER_LENGTH || !bytes.subarray(0, 4).equals(MARK)) return undefined;
  const length = bytes.readUInt32BE(4);
  const number = Number(bytes.readBigUInt64BE(8));
  if (length === 0 || length > MAX_BLOCK_LENGTH || !Number.isSafeInteger(number)) return undefined;
  return { length, number, checksum: bytes.subarray(16, FRAME_HEADER_LENGTH), covered: bytes.subarray(0, 16) };
}

export function matches(header: FrameHeader, block: Uint8Array): boolean {
  return block.length === header.length && checksumOf(header.covered, block).equals(header.checksum);
}
