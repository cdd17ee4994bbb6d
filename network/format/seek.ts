/** The deliver service: the signed envelope that asks for blocks, and what comes back for it. */
import { encodeChannelHeader, encodeSignatureHeader, HEADER_TYPE } from './header.js';
import { encodeHeader } from './proposal.js';
import { FormatError, MessageReader, MessageWriter } from './wire.js';

export interface Seek {
  readonly channel: string;
  /** milliseconds since the epoch */
  readonly timestamp: number;
  /** `SerializedIdentity` */
  readonly creator: Uint8Array;
  readonly nonce: Uint8Array;
  /** number of the first block; the peer waits for it when it is not there yet */
  readonly from: number;
}

function specified(number: number): MessageWriter {
  return new MessageWriter().message(3, new MessageWriter().integer(1, number));
}

/** The payload that the asker is to sign: all blocks from a number on, for ever. */
export function encodeSeekPayload({ channel, timestamp, creator, nonce, from }: Seek): Buffer {
  const type = HEADER_TYPE.deliverSeekInfo;
  const channelHeader = encodeChannelHeader({ type, channel, transactionId: '', timestamp, chaincode: '' });
  const signatureHeader = encodeSignatureHeader({ creator, nonce });
  const info = new MessageWriter().message(1, specified(from)).message(2, specified(Number.MAX_SAFE_INTEGER));
  return new MessageWriter().message(1, encodeHeader({ channelHeader, signatureHeader })).message(2, info).finish();
}

/** What a peer sends: a block's bytes, or the status that ends the stream. */
export type Delivery = { readonly kind: 'block'; readonly block: Buffer } | { readonly kind: 'status'; readonly status: number };

/** @throws FormatError */
export function decodeDelivery(bytes: Uint8Array): Delivery {
  const reader = new MessageReader(bytes);
  const block = reader.optional(2);
  if (block) return { kind: 'block', block };
  const status = reader.integer(1);
  if (status === 0) throw new FormatError('neither a block nor a status');
  return { kind: 'status', status };
}
