/** `common.ChannelHeader`, `common.SignatureHeader` and the transaction id that Fabric derives from the latter. */
import { createHash } from 'node:crypto';
import { MessageReader, MessageWriter } from './wire.js';

export const HEADER_TYPE = { config: 1, endorserTransaction: 3, deliverSeekInfo: 5 } as const;

export interface ChannelHeader {
  readonly type: number;
  readonly channel: string;
  readonly transactionId: string;
  /** milliseconds since the epoch */
  readonly timestamp: number;
  /** name of the chaincode that is called; empty in a configuration */
  readonly chaincode: string;
}

export interface SignatureHeader {
  /** `SerializedIdentity` */
  readonly creator: Buffer;
  readonly nonce: Buffer;
}

/** SHA-256 over nonce ‖ creator, 64 hex. */
export function transactionIdOf(header: { readonly creator: Uint8Array; readonly nonce: Uint8Array }): string {
  return createHash('sha256').update(header.nonce).update(header.creator).digest('hex');
}

function encodeTimestamp(milliseconds: number): MessageWriter {
  return new MessageWriter().integer(1, Math.floor(milliseconds / 1000)).integer(2, (milliseconds % 1000) * 1_000_000);
}

function decodeTimestamp(reader: MessageReader): number {
  return reader.integer(1) * 1000 + Math.floor(reader.int32(2) / 1_000_000);
}

export function encodeChannelHeader(header: ChannelHeader): Buffer {
  const writer = new MessageWriter()
    .integer(1, header.type)
    .message(3, encodeTimestamp(header.timestamp))
    .text(4, header.channel)
    .text(5, header.transactionId);
  if (header.chaincode) {
    const chaincodeId = new MessageWriter().text(2, header.chaincode);
    writer.item(7, new MessageWriter().message(2, chaincodeId).finish());
  }
  return writer.finish();
}

/** @throws FormatError */
export function decodeChannelHeader(bytes: Uint8Array): ChannelHeader {
  const reader = new MessageReader(bytes);
  return {
    type: reader.int32(1),
    timestamp: decodeTimestamp(reader.message(3)),
    channel: reader.text(4),
    transactionId: reader.text(5),
    chaincode: reader.message(7).message(2).text(2),
  };
}

export function encodeSignatureHeader(header: { readonly creator: Uint8Array; readonly nonce: Uint8Array }): Buffer {
  return new MessageWriter().bytes(1, header.creator).bytes(2, header.nonce).finish();
}

/** @throws FormatError */
export function decodeSignatureHeader(bytes: Uint8Array): SignatureHeader {
  const reader = new MessageReader(bytes);
  return { creator: reader.bytes(1), nonce: reader.bytes(2) };
}

/** Under which number a SmartBFT orderer signed: `common.IdentifierHeader`. @throws FormatError */
export function decodeIdentifier(bytes: Uint8Array): number {
  return new MessageReader(bytes).int32(1);
}
