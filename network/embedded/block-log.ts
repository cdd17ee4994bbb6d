/** The append-only file of blocks. Every read checks the record's checksum. */
import { type FileHandle, open } from 'node:fs/promises';
import { FRAME_HEADER_LENGTH, frameHeader, MAX_BLOCK_LENGTH, matches, parseFrameHeader } from './frame.js';

/** A record of the log does not hold what was written. */
export class DamagedRecord extends Error {
  override readonly name = 'DamagedRecord';
  readonly offset: number;
  readonly block: number;

  constructor(block: number, offset: number, what: string) {
    super(`block ${block} at byte ${offset} of blocks.log: ${what}`);
    this.block = block;
    this.offset = offset;
  }
}

export class BlockLog {
  readonly #file: FileHandle;
  #end: number;

  private constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** @param end where the next record goes */
  static async open(path: string, end: number): Promise<BlockLog> {
    return new BlockLog(await open(path, 'r+'), end);
  }

  /** The length of the log in bytes. */
  get end(): number {
    return this.#end;
  }

  /** Writes a record and makes it durable. After an error the file's tail is unknown: append no more. */
  async append(number: number, block: Uint8Array): Promise<void> {
    // Written, it would read as damage for ever.
    if (block.length > MAX_BLOCK_LENGTH) throw new Error(`block ${number} has ${block.length} bytes, more than a record may`);
    const record = Buffer.concat([frameHeader(number, block), block]);
    for (let written = 0; written < record.length; ) {
      const { bytesWritten } = await this.#file.write(record, written, record.length - written, this.#end + written);
      written += bytesWritten;
    }
    await this.#file.datasync();
    this.#end += record.length;
  }

  /** The block in the record at an offset, and where the next record begins. @throws DamagedRecord */
  async read(number: number, offset: number): Promise<{ readonly bytes: Buffer; readonly next: number }> {
    const head = await this.#bytes(offset, FRAME_HEADER_LENGTH);
    const header = parseFrameHeader(head);
    if (!header) throw new DamagedRecord(number, offset, 'no record begins here');
    if (header.number !== number) throw new DamagedRecord(number, offset, `the record is of block ${header.number}`);
    const bytes = await this.#bytes(offset + FRAME_HEADER_LENGTH, header.length);
    if (bytes.length < header.length) throw new DamagedRecord(number, offset, 'the record is cut off');
    if (!matches(header, bytes)) throw new DamagedRecord(number, offset, 'the checksum does not match');
    return { bytes, next: offset + FRAME_HEADER_LENGTH + header.length };
  }

  async #bytes(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#file.read(buffer, read, length - read, offset + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return buffer.subarray(0, read);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
