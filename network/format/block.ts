/**
 * `common.Block`. The header's hash is SHA-256 over its ASN.1 DER form, the data's hash over the
 * concatenated transactions; orderers sign metadata value ‖ signature header ‖ DER header.
 */
import { createHash } from 'node:crypto';
import { FormatError, MessageReader, MessageWriter } from './wire.js';

export const METADATA = { signatures: 0, lastConfig: 1, transactionsFilter: 2, orderer: 3, commitHash: 4 } as const;

export interface BlockHeader {
  readonly number: number;
  /** empty in block 0 */
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
}

export interface BlockSignature {
  readonly signatureHeader: Uint8Array;
  /** in place of that header from SmartBFT's orderers: their number and a nonce */
  readonly identifierHeader?: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Block {
  readonly header: BlockHeader;
  /** envelopes */
  readonly data: readonly Uint8Array[];
  /** what the orderers' signatures cover first: `OrdererBlockMetadata` */
  readonly ordererMetadata: Uint8Array;
  readonly signatures: readonly BlockSignature[];
  /** a validation code for each transaction; written by peers, signed by nobody */
  readonly filter: Uint8Array;
  readonly commitHash: Uint8Array;
}

function der(tag: number, content: Uint8Array): Buffer {
  if (content.length > 0x7f) throw new FormatError('header is too long');
  return Buffer.concat([Buffer.from([tag, content.length]), content]);
}

function derInteger(value: number): Buffer {
  let hex = value.toString(16);
  if (hex.length % 2) hex = `0${hex}`;
  if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
  return der(0x02, Buffer.from(hex, 'hex'));
}

/** ASN.1 DER: SEQUENCE { INTEGER number, OCTET STRING previousHash, OCTET STRING dataHash }. */
function headerBytes(header: BlockHeader): Buffer {
  return der(0x30, Buffer.concat([derInteger(header.number), der(0x04, header.previousHash), der(0x04, header.dataHash)]));
}

export function blockHash(header: BlockHeader): Buffer {
  return createHash('sha256').update(headerBytes(header)).digest();
}

export function dataHash(data: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const envelope of data) hash.update(envelope);
  return hash.digest();
}

/** What an orderer signs. */
export function signedByOrderer(block: Pick<Block, 'header' | 'ordererMetadata'>, signatureHeader: Uint8Array): Buffer {
  return Buffer.concat([block.ordererMetadata, signatureHeader, headerBytes(block.header)]);
}

/** `OrdererBlockMetadata` with the number of the last configuration block. */
export function encodeOrdererMetadata(lastConfig: number): Buffer {
  return new MessageWriter().message(1, new MessageWriter().integer(1, lastConfig)).finish();
}

/** Number of the configuration block under which the orderers signed: its own for a configuration block. @throws FormatError */
export function lastConfigOf({ ordererMetadata }: Pick<Block, 'ordererMetadata'>): number {
  return new MessageReader(ordererMetadata).message(1).integer(1);
}

export function encodeBlock(block: Block): Buffer {
  const { header } = block;
  const data = new MessageWriter();
  for (const envelope of block.data) data.item(1, envelope);
  const signatures = new MessageWriter().bytes(1, block.ordererMetadata);
  for (const { signatureHeader, identifierHeader, signature } of block.signatures)
    signatures.message(
      2,
      new MessageWriter()
        .bytes(1, signatureHeader)
        .bytes(2, signature)
        .bytes(3, identifierHeader ?? new Uint8Array()),
    );
  const metadata = new MessageWriter()
    .message(1, signatures)
    .item(1, new Uint8Array())
    .item(1, block.filter)
    .item(1, new Uint8Array())
    .message(1, new MessageWriter().bytes(1, block.commitHash));
  return new MessageWriter()
    .message(1, new MessageWriter().integer(1, header.number).bytes(2, header.previousHash).bytes(3, header.dataHash))
    .message(2, data)
    .message(3, metadata)
    .finish();
}

function headerIn(reader: MessageReader): BlockHeader {
  const header = reader.message(1);
  return { number: header.integer(1), previousHash: header.bytes(2), dataHash: header.bytes(3) };
}

/** Of an orderer's block too, which has no validation codes yet. @throws FormatError */
export function decodeBlockHeader(bytes: Uint8Array): BlockHeader {
  return headerIn(new MessageReader(bytes));
}

/** @throws FormatError */
export function decodeBlock(bytes: Uint8Array): Block {
  const reader = new MessageReader(bytes);
  const data = reader.message(2).all(1);
  const metadata = reader.message(3).all(1);
  const signatures = new MessageReader(metadata[METADATA.signatures] ?? Buffer.alloc(0));
  const filter = metadata[METADATA.transactionsFilter] ?? Buffer.alloc(0);
  if (filter.length !== data.length) throw new FormatError('validation codes and transactions differ in number');
  return {
    header: headerIn(reader),
    data,
    ordererMetadata: signatures.bytes(1),
    signatures: signatures.all(2).map((entry) => {
      const signature = new MessageReader(entry);
      const identifierHeader = signature.optional(3);
      const both = { signatureHeader: signature.bytes(1), signature: signature.bytes(2) };
      return identifierHeader ? { ...both, identifierHeader } : both;
    }),
    filter,
    commitHash: new MessageReader(metadata[METADATA.commitHash] ?? Buffer.alloc(0)).bytes(1),
  };
}
