/** A block's own bonds: its place in the chain, its transactions, and the orderers who signed it. */
import { type Block, blockHash, dataHash } from '../format/block.js';
import type { Consenter } from '../format/configuration.js';
import { quorumOf, signedBy } from '../identity/block-signatures.js';
import type { ChannelInForce } from '../identity/in-force.js';
import { Differs } from './difference.js';

export interface ChainPlace {
  readonly number: number;
  /** of the block before; empty before block 0 */
  readonly previousHash: Buffer;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** @returns the block's hash @throws Differs */
export function checkLinks({ header, data }: Block, place: ChainPlace): Buffer {
  const { number } = place;
  if (header.number !== number)
    throw new Differs({
      check: 'link',
      block: number,
      problem: `block ${number}: another block stands in its place`,
      expected: `block ${number}`,
      found: `block ${header.number}`,
    });
  if (!place.previousHash.equals(Buffer.from(header.previousHash)))
    throw new Differs({
      check: 'link',
      block: number,
      problem: `block ${number} does not follow the block before`,
      expected: hex(place.previousHash),
      found: hex(header.previousHash),
    });
  const hash = dataHash(data);
  if (!hash.equals(Buffer.from(header.dataHash)))
    throw new Differs({
      check: 'data-hash',
      block: number,
      problem: `block ${number}: its transactions are not those of its header`,
      expected: hex(header.dataHash),
      found: hex(hash),
    });
  return blockHash(header);
}

/** @returns what is wrong; undefined when enough orderers signed */
export async function orderersFault(channel: ChannelInForce, block: Block): Promise<Differs | undefined> {
  const [needed, { consenters, wrong }] = [quorumOf(channel), await signedBy(channel, block)];
  if (consenters.length >= needed) return undefined;
  const names = (some: readonly Consenter[]) => some.map(({ mspId }) => mspId).join(', ');
  const { number } = block.header;
  return new Differs({
    check: 'orderers',
    block: number,
    problem: [`block ${number}: ${consenters.length} orderers signed it, not ${needed}`, ...wrong].join('; '),
    expected: `${needed} of the orderers of ${names(channel.consenters)}`,
    found: names(consenters) || 'none',
  });
}
