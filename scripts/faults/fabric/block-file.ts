/**
 * A peer's or orderer's own block files, as Fabric's block storage lays them out: for each block its length
 * as a varint, then header, data and metadata, each list with its count and each item with its length before
 * it. Read from the disk, because what a node keeps is asked for, not what it says.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANNEL } from '../../../network/channel.js';
import { decodeBlock } from '../../../network/format/block.js';
import { toLedgerBlock } from '../../../network/format/ledger-block.js';
import { MessageWriter } from '../../../network/format/wire.js';
import type { SeenBlock } from '../history/view.js';

class Cursor {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** @throws RangeError behind the end */
  number(): number {
    for (let value = 0, factor = 1; ; factor *= 0x80) {
      const byte = this.#bytes.readUInt8(this.#at++);
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  bytes(): Buffer {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new RangeError('cut off');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  list(): Buffer[] {
    return Array.from({ length: this.number() }, () => this.bytes());
  }
}

function readBlock(record: Buffer): SeenBlock {
  const cursor = new Cursor(record);
  const number = cursor.number();
  const [dataHash, previousHash] = [cursor.bytes(), cursor.bytes()];
  const [data, metadata] = [cursor.list(), cursor.list()];
  const message = new MessageWriter()
    .message(1, new MessageWriter().integer(1, number).bytes(2, previousHash).bytes(3, dataHash))
    .message(2, listOf(data))
    .message(3, listOf(metadata));
  const block = decodeBlock(message.finish());
  const { hash, transactions } = toLedgerBlock(block);
  return {
    number,
    hash,
    previousHash: previousHash.toString('hex'),
    commitHash: Buffer.from(block.commitHash).toString('hex'),
    transactions: transactions.map(({ id, validationCode, function: name, writes }) => ({
      id,
      code: validationCode,
      function: name,
      writes,
    })),
  };
}

function listOf(items: readonly Buffer[]): MessageWriter {
  const message = new MessageWriter();
  for (const item of items) message.item(1, item);
  return message;
}

/** The blocks in one file's bytes. A record that is cut off at the end was not finished when they were read: it is left out. */
export function readBlocks(bytes: Buffer): SeenBlock[] {
  const cursor = new Cursor(bytes);
  const blocks: SeenBlock[] = [];
  while (!cursor.isAtEnd) {
    let record: Buffer;
    try {
      record = cursor.bytes();
    } catch (error) {
      if (error instanceof RangeError) return blocks;
      throw error;
    }
    blocks.push(readBlock(record));
  }
  return blocks;
}

/** All blocks that a peer has on its disk. @param folder the peer's, as in a network's folder */
export function blocksOfPeer(folder: string): SeenBlock[] {
  const chain = join(folder, 'ledger/ledgersData/chains/chains', CHANNEL);
  if (!existsSync(chain)) return [];
  const files = readdirSync(chain).filter((name) => /^blockfile_\d+$/.test(name));
  return files.sort().flatMap((name) => readBlocks(readFileSync(join(chain, name))));
}
