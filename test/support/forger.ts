/**
 * What somebody can do to a closed ledger's folder who holds its keys: change blocks and transactions, and make
 * everything that depends on them right again, as far as he likes.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVINCES } from '../../chaincode/provinces.js';
import { CHAINCODE_NAME } from '../../network/channel.js';
import { buildBlock, type ChainHead, updatesOf } from '../../network/embedded/block-builder.js';
import { endorse } from '../../network/embedded/endorser.js';
import { type FolderPaths, pathsOf } from '../../network/embedded/folder.js';
import { frameHeader } from '../../network/embedded/frame.js';
import { createWatermark, encodeWatermarkSlot } from '../../network/embedded/watermark.js';
import { type Block, blockHash, dataHash, decodeBlock, encodeBlock } from '../../network/format/block.js';
import { commitHash } from '../../network/format/commit-hash.js';
import { decodeEnvelope, decodeTransaction, encodeEnvelope, encodeTransaction } from '../../network/format/envelope.js';
import type { ProposalParts } from '../../network/format/proposal.js';
import { decodeResponsePayload, encodeResponsePayload, type ProposalResponse } from '../../network/format/response.js';
import { type NetworkNode, openProvince } from '../../network/identity/province.js';
import { localSigner, type Signer } from '../../network/identity/signer.js';
import { REGISTRARS } from '../../network/registrars.js';
import { recordsOf } from './damaged-folder.js';

export interface Draft {
  readonly proposal: ProposalParts;
  readonly response: ProposalResponse;
}

/** How much is made right again after a change. */
export type Keys = 'none' | 'orderers';

type ForgedBlock = Pick<Block, 'data' | 'filter'> & { readonly original?: Block };

function writesOf(data: readonly Uint8Array[], number: number) {
  return data.map((bytes) => {
    const writes = number === 0 ? [] : decodeResponsePayload(decodeTransaction(decodeEnvelope(bytes)).responsePayload).writes;
    return { id: '', code: 0, reads: [], writes };
  });
}

export class Forger {
  readonly paths: FolderPaths;
  readonly blocks: readonly Block[];
  readonly peers: readonly NetworkNode[];
  readonly orderers: readonly NetworkNode[];
  /** of the first province: he signed all registrations of `register` */
  readonly registrar: Signer;
  readonly #header: Buffer;

  private constructor(folder: string, peers: readonly NetworkNode[], orderers: readonly NetworkNode[]) {
    this.paths = pathsOf(folder);
    const log = readFileSync(this.paths.log);
    this.#header = log.subarray(0, 32);
    this.blocks = recordsOf(log).map(({ offset, next }) => decodeBlock(log.subarray(offset + 48, next)));
    [this.peers, this.orderers] = [peers, orderers];
    const own = join(folder, 'identities', 'ShanghaiMSP', REGISTRARS[0]?.agencyId ?? '');
    const read = (name: string) => readFileSync(join(own, name), 'utf8');
    this.registrar = localSigner('ShanghaiMSP', read('certificate.pem'), read('key.pem'));
  }

  static async open(folder: string): Promise<Forger> {
    const provinces = await Promise.all(PROVINCES.map((province) => openProvince(folder, province, Date.now(), false)));
    return new Forger(
      folder,
      provinces.map(({ peer }) => peer),
      provinces.map(({ orderer }) => orderer),
    );
  }

  /** A transaction, to be changed. */
  draft(number: number, position = 0): Draft {
    const { proposal, responsePayload } = decodeTransaction(decodeEnvelope(this.envelope(number, position)));
    return { proposal, response: decodeResponsePayload(responsePayload) };
  }

  envelope(number: number, position = 0): Buffer {
    return Buffer.from(this.blocks[number]?.data[position] ?? []);
  }

  /** Endorsed and signed anew, by three peers and the registrar unless others are named. */
  async signed({ proposal, response }: Draft, by: { peers?: readonly NetworkNode[]; creator?: Signer } = {}): Promise<Buffer> {
    const payload = encodeResponsePayload(response);
    const endorsements = await Promise.all((by.peers ?? this.peers.slice(0, 3)).map((peer) => endorse(peer, payload)));
    const transaction = encodeTransaction(proposal, payload, endorsements);
    return encodeEnvelope(transaction, await (by.creator ?? this.registrar).sign(transaction));
  }

  /** The chain with a transaction exchanged, the block's hashes and all after it right; signed anew by the orderers or not. */
  exchange(number: number, envelope: Uint8Array, keys: Keys): Promise<void> {
    const blocks = this.blocks.map((block, index) =>
      index === number ? { ...block, data: [envelope, ...block.data.slice(1)] } : block,
    );
    return this.write(blocks, keys);
  }

  /** Writes a log of these blocks, links and commit hashes right, with a watermark to it and no state, as after a restore. */
  async write(blocks: readonly ForgedBlock[], keys: Keys): Promise<void> {
    let head: ChainHead = { height: 0, hash: Buffer.alloc(0), commitHash: Buffer.alloc(0) };
    const records: Buffer[] = [this.#header];
    for (const [number, { data, filter }] of blocks.entries()) {
      const block = await this.#build(head, data, [...filter], keys);
      const bytes = encodeBlock(block);
      records.push(frameHeader(number, bytes), bytes);
      head = { height: number + 1, hash: blockHash(block.header), commitHash: Buffer.from(block.commitHash) };
    }
    this.#save(Buffer.concat(records), head);
  }

  async #build(
    head: { height: number; hash: Buffer; commitHash: Buffer },
    data: readonly Uint8Array[],
    codes: number[],
    keys: Keys,
  ) {
    const { height, hash } = head;
    const updates = updatesOf(height, writesOf(data, height), codes);
    const original = this.blocks[height];
    const same = original && dataHash(data).equals(Buffer.from(original.header.dataHash));
    const header = { number: height, previousHash: hash, dataHash: dataHash(data) };
    const filter = Uint8Array.from(codes);
    const ends = { data, filter, commitHash: commitHash(CHAINCODE_NAME, filter, updates, head.commitHash) };
    if (original && (keys === 'none' || (same && hash.equals(Buffer.from(original.header.previousHash)))))
      return { ...original, header, ...ends };
    return (await buildBlock(this.orderers, head, data, codes, updates)).block;
  }

  /** Writes blocks as they are, but for their checksums. */
  writeAsTheyAre(blocks: readonly Block[]): void {
    const records = blocks.flatMap((block, number) => {
      const bytes = encodeBlock(block);
      return [frameHeader(number, bytes), bytes];
    });
    const last = blocks.at(-1) as Block;
    this.#save(Buffer.concat([this.#header, ...records]), { height: blocks.length, hash: blockHash(last.header) });
  }

  #save(log: Buffer, { height, hash }: { height: number; hash: Buffer }): void {
    writeFileSync(this.paths.log, log);
    const before = recordsOf(log)[height - 1]?.offset ?? 0;
    rmSync(this.paths.watermark);
    createWatermark(this.paths.watermark, { height, hash, logLength: log.length });
    // The other slot holds the block before, as after any commit.
    const file = readFileSync(this.paths.watermark);
    const slot = encodeWatermarkSlot({ height: height - 1, hash: Buffer.alloc(32, 1), logLength: before });
    slot.copy(file, height % 2 === 0 ? 512 : 0);
    writeFileSync(this.paths.watermark, file);
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.paths.state + suffix, { force: true });
  }
}
