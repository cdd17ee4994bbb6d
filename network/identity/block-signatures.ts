/**
 * Whether enough orderers signed a block: ⌈(n+f+1)/2⌉ of the n consenters of the configuration in force, of
 * which f = ⌊(n−1)/3⌋ may lie. Two such quorums share an honest one, who signs one block at each height only.
 */
import { X509Certificate } from 'node:crypto';
import { type Block, type BlockSignature, signedByOrderer } from '../format/block.js';
import type { Consenter } from '../format/configuration.js';
import { decodeIdentifier, decodeSignatureHeader } from '../format/header.js';
import { decodeIdentity } from '../format/identity.js';
import { type Membership, verifyMember } from './msp.js';

/** Who orders, as one configuration says it. */
export interface Ordering {
  readonly membership: Membership;
  readonly consenters: readonly Consenter[];
}

export interface SignedBy {
  /** each once, whatever he signed how often */
  readonly consenters: readonly Consenter[];
  /** what is wrong with each signature that does not count */
  readonly wrong: readonly string[];
}

export function quorumOf({ consenters }: Ordering): number {
  const [n, f] = [consenters.length, Math.floor((consenters.length - 1) / 3)];
  return Math.ceil((n + f + 1) / 2);
}

/** Who a certificate (PEM) says it is, for messages. */
export function nameOf(pem: string): string {
  try {
    return new X509Certificate(pem).subject.replaceAll('\n', ', ');
  } catch {
    return 'no certificate';
  }
}

type Claim = { readonly consenter: Consenter; readonly header: Uint8Array } | { readonly reason: string };

/** SmartBFT's orderers sign under their numbers, the embedded ledger's under their certificates. */
function claimOf({ membership, consenters }: Ordering, { signatureHeader, identifierHeader }: BlockSignature): Claim {
  if (signatureHeader.length === 0 && identifierHeader) {
    const id = decodeIdentifier(identifierHeader);
    const consenter = consenters.find((one) => one.id === id);
    return consenter
      ? { consenter, header: identifierHeader }
      : { reason: `is by orderer ${id}, which is none of the channel's` };
  }
  const { creator } = decodeSignatureHeader(signatureHeader);
  const { mspId, certificate } = decodeIdentity(creator);
  const consenter = consenters.find((one) => one.mspId === mspId && one.certificate === certificate);
  if (consenter) return { consenter, header: signatureHeader };
  const unit = membership.member(creator)?.unit;
  if (unit === undefined)
    return { reason: `is by a certificate that ${mspId}'s authority did not issue (${nameOf(certificate)})` };
  return { reason: `is by a ${unit} certificate of ${mspId} that is not its orderer's` };
}

async function judge(ordering: Ordering, block: Block, signature: BlockSignature): Promise<Consenter | string> {
  const claim = claimOf(ordering, signature);
  if ('reason' in claim) return claim.reason;
  const { consenter, header } = claim;
  const member = ordering.membership.of(consenter);
  if (!member) return `is by a certificate that ${consenter.mspId}'s authority did not issue, or that is revoked`;
  const holds = await verifyMember(member, signedByOrderer(block, header), signature.signature);
  return holds ? consenter : `of ${consenter.mspId}'s orderer does not hold`;
}

/** Nothing is thrown for what the block holds. */
export async function signedBy(ordering: Ordering, block: Block): Promise<SignedBy> {
  const judged = await Promise.all(
    block.signatures.map((one) => judge(ordering, block, one).catch((error: Error) => error.message)),
  );
  return {
    consenters: [...new Set(judged.filter((one) => typeof one !== 'string'))],
    wrong: judged.flatMap((one, index) => (typeof one === 'string' ? [`signature ${index} ${one}`] : [])),
  };
}

/** What is wrong with the orderers' signatures, in words; undefined when enough of them hold. */
export async function signatureFault(ordering: Ordering, block: Block): Promise<string | undefined> {
  const [needed, { consenters, wrong }] = [quorumOf(ordering), await signedBy(ordering, block)];
  if (consenters.length >= needed) return undefined;
  return [`${consenters.length} orderers signed it, not ${needed}`, ...wrong].join('; ');
}
