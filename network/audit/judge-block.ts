/** A block's own bonds: its place in the chain, its transactions, and the orderers who signed it. */
import { type Block, blockHash, dataHash, signedByOrderer } from '../format/block.js';
import { decodeSignatureHeader } from '../format/header.js';
import { decodeIdentity } from '../format/identity.js';
import { verifyMember } from '../identity/msp.js';
import { type ChannelMembers, nameOf } from './channel-members.js';
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

type BlockSignature = Block['signatures'][number];

/** @returns the orderer's MSP id, or why the signature does not count */
async function judgeSignature(members: ChannelMembers, block: Block, { signatureHeader, signature }: BlockSignature) {
  const { creator } = decodeSignatureHeader(signatureHeader);
  const { mspId, certificate } = decodeIdentity(creator);
  const member = members.membership.member(creator);
  if (!member) return { reason: `is by a certificate that ${mspId}'s authority did not issue (${nameOf(certificate)})` };
  if (members.orderers.get(mspId) !== certificate)
    return { reason: `is by a ${member.unit} certificate of ${mspId} that is not its orderer's` };
  const holds = await verifyMember(member, signedByOrderer(block, signatureHeader), signature);
  return holds ? { mspId } : { reason: `of ${mspId}'s orderer does not hold` };
}

/** @returns what is wrong; undefined when enough orderers signed */
export async function orderersFault(members: ChannelMembers, block: Block): Promise<Differs | undefined> {
  const judged = await Promise.all(
    block.signatures.map((one) => judgeSignature(members, block, one).catch((error: Error) => ({ reason: error.message }))),
  );
  const signed = new Set(judged.flatMap((one) => ('mspId' in one ? [one.mspId] : [])));
  if (signed.size >= members.quorum) return undefined;
  const wrong = judged.flatMap((one, index) => ('reason' in one ? [`signature ${index} ${one.reason}`] : []));
  const { number } = block.header;
  return new Differs({
    check: 'orderers',
    block: number,
    problem: [`block ${number}: ${signed.size} orderers signed it, not ${members.quorum}`, ...wrong].join('; '),
    expected: `${members.quorum} of the orderers of ${[...members.orderers.keys()].join(', ')}`,
    found: [...signed].join(', ') || 'none',
  });
}
