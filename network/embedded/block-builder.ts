/** Makes a block of validated transactions and has three of the four orderers sign it. */
import { randomBytes } from 'node:crypto';
import { CHAINCODE_NAME } from '../channel.js';
import { type Block, blockHash, dataHash, encodeBlock, encodeOrdererMetadata, signedByOrderer } from '../format/block.js';
import { commitHash, type StateUpdate } from '../format/commit-hash.js';
import { encodeSignatureHeader } from '../format/header.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { NetworkNode } from '../identity/province.js';
import type { CheckedTransaction } from './validation.js';

export const BLOCK_SIGNATURES = 3;

/** What the next block continues from. */
export interface ChainHead {
  readonly height: number;
  /** empty before block 0 */
  readonly hash: Buffer;
  readonly commitHash: Buffer;
}

export interface BuiltBlock {
  readonly block: Block;
  readonly bytes: Buffer;
  readonly hash: Buffer;
}

/** The last write of valid transactions to each key, in byte order. */
export function updatesOf(number: number, transactions: readonly CheckedTransaction[], codes: readonly number[]): StateUpdate[] {
  const last = new Map<string, StateUpdate>();
  for (const [position, { writes }] of transactions.entries()) {
    if (codes[position] !== VALIDATION_CODE.VALID) continue;
    for (const { key, value } of writes) last.set(key, { key, value, version: { block: number, position } });
  }
  return [...last.values()].sort((left, right) => Buffer.compare(Buffer.from(left.key), Buffer.from(right.key)));
}

export async function buildBlock(
  orderers: readonly NetworkNode[],
  head: ChainHead,
  data: readonly Uint8Array[],
  codes: readonly number[],
  updates: readonly StateUpdate[],
): Promise<BuiltBlock> {
  const header = { number: head.height, previousHash: head.hash, dataHash: dataHash(data) };
  const filter = Uint8Array.from(codes);
  const unsigned = { header, ordererMetadata: encodeOrdererMetadata(0) };
  const signatures = await Promise.all(
    Array.from({ length: BLOCK_SIGNATURES }, async (_, index) => {
      // Another three each time, so that all four orderers are seen at work.
      const orderer = orderers[(head.height + index) % orderers.length] as NetworkNode;
      const signatureHeader = encodeSignatureHeader({ creator: orderer.identity, nonce: randomBytes(24) });
      return { signatureHeader, signature: await orderer.sign(signedByOrderer(unsigned, signatureHeader)) };
    }),
  );
  const block = {
    ...unsigned,
    data,
    signatures,
    filter,
    commitHash: commitHash(CHAINCODE_NAME, filter, updates, head.commitHash),
  };
  return { block, bytes: encodeBlock(block), hash: blockHash(header) };
}
