/** `peer.Proposal`: what a client signs and sends to peers. */
import { createHash } from 'node:crypto';
import { type ChannelHeader, decodeChannelHeader, decodeSignatureHeader, type SignatureHeader } from './header.js';
import { MessageReader, MessageWriter } from './wire.js';

const CHAINCODE_LANGUAGE_NODE = 2;

/** The parts of a proposal that a transaction repeats byte for byte. */
export interface ProposalParts {
  readonly channelHeader: Buffer;
  readonly signatureHeader: Buffer;
  /** `ChaincodeProposalPayload` */
  readonly payload: Buffer;
}

export interface DecodedProposal extends ProposalParts {
  readonly channel: ChannelHeader;
  readonly signature: SignatureHeader;
  readonly args: readonly string[];
}

export function encodeInvocation(chaincode: string, args: readonly string[]): Buffer {
  const input = new MessageWriter();
  for (const argument of args) input.item(1, Buffer.from(argument, 'utf8'));
  const spec = new MessageWriter()
    .integer(1, CHAINCODE_LANGUAGE_NODE)
    .message(2, new MessageWriter().text(2, chaincode))
    .message(3, input);
  return new MessageWriter().item(1, new MessageWriter().message(1, spec).finish()).finish();
}

/** The arguments out of a `ChaincodeProposalPayload`. @throws FormatError */
export function decodeInvocation(payload: Uint8Array): { chaincode: string; args: string[] } {
  const spec = new MessageReader(payload).message(1).message(1);
  const args = spec.message(3).all(1);
  return { chaincode: spec.message(2).text(2), args: args.map((argument) => argument.toString('utf8')) };
}

export function encodeHeader(parts: Pick<ProposalParts, 'channelHeader' | 'signatureHeader'>): MessageWriter {
  return new MessageWriter().bytes(1, parts.channelHeader).bytes(2, parts.signatureHeader);
}

export function encodeProposal(parts: ProposalParts): Buffer {
  return new MessageWriter().item(1, encodeHeader(parts).finish()).bytes(2, parts.payload).finish();
}

/** @throws FormatError */
export function decodeProposal(bytes: Uint8Array): DecodedProposal {
  const reader = new MessageReader(bytes);
  const header = reader.message(1);
  const parts = { channelHeader: header.bytes(1), signatureHeader: header.bytes(2), payload: reader.bytes(2) };
  return {
    ...parts,
    channel: decodeChannelHeader(parts.channelHeader),
    signature: decodeSignatureHeader(parts.signatureHeader),
    args: decodeInvocation(parts.payload).args,
  };
}

/** What an endorsement is bound to: SHA-256 over both headers and the payload (we send no transient data). */
export function proposalHash(parts: ProposalParts): Buffer {
  return createHash('sha256').update(parts.channelHeader).update(parts.signatureHeader).update(parts.payload).digest();
}
