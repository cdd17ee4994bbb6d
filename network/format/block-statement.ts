/**
 * A peer's signed answer to the question which block it has at a number: the block with its commit hash, and so the
 * peer's word on the whole state. Kept without the block's transactions, which not everybody may see: it says nothing
 * of them, and whoever has the chain puts them back and checks the signature.
 */
import { type Block, decodeBlock } from './block.js';
import { QUERY_CHAINCODE } from './chain-query.js';
import { decodeResponsePayload } from './response.js';
import { FormatError, MessageReader, MessageWriter } from './wire.js';

/** What stands before and behind the transactions in `ProposalResponsePayload`. */
export interface CutAnswer {
  readonly before: Buffer;
  readonly after: Buffer;
}

/** The block in a peer's answer. @throws FormatError when the answer is no such one */
export function blockInAnswer(payload: Buffer): Block {
  const { chaincode, payload: block, status } = decodeResponsePayload(payload);
  if (chaincode.name !== QUERY_CHAINCODE || status !== 200) throw new FormatError(`${chaincode.name} answers with no block`);
  return decodeBlock(block);
}

/** @throws FormatError */
export function cutAnswer(payload: Buffer): CutAnswer {
  const [data, ...more] = new MessageReader(decodeResponsePayload(payload).payload).all(2);
  // Every part is a view of the whole, so that its place in it is known.
  if (!data || more.length > 0 || data.buffer !== payload.buffer) throw new FormatError('the block has no transactions');
  const start = data.byteOffset - payload.byteOffset;
  return { before: payload.subarray(0, start), after: payload.subarray(start + data.length) };
}

export function wholeAnswer({ before, after }: CutAnswer, data: readonly Uint8Array[]): Buffer {
  const writer = new MessageWriter();
  for (const envelope of data) writer.item(1, envelope);
  return Buffer.concat([before, writer.finish(), after]);
}
