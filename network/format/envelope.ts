/** `common.Envelope` with an endorsed transaction in it: what a client signs last and sends to the orderers. */
import { type ChannelHeader, decodeChannelHeader, decodeSignatureHeader, HEADER_TYPE, type SignatureHeader } from './header.js';
import { encodeHeader, type ProposalParts } from './proposal.js';
import { FormatError, MessageReader, MessageWriter } from './wire.js';

export interface Endorsement {
  /** `SerializedIdentity` of the peer */
  readonly endorser: Uint8Array;
  /** over the response payload ‖ endorser */
  readonly signature: Uint8Array;
}

export interface DecodedEnvelope {
  /** `common.Payload`: what the creator signed */
  readonly signed: Buffer;
  readonly creatorSignature: Buffer;
  readonly channel: ChannelHeader;
  readonly signature: SignatureHeader;
}

export interface DecodedTransaction {
  readonly proposal: ProposalParts;
  /** `ProposalResponsePayload` */
  readonly responsePayload: Buffer;
  readonly endorsements: readonly Endorsement[];
}

/** The payload that the creator is to sign. */
export function encodeTransaction(
  proposal: ProposalParts,
  responsePayload: Uint8Array,
  endorsements: readonly Endorsement[],
): Buffer {
  const endorsed = new MessageWriter().bytes(1, responsePayload);
  for (const { endorser, signature } of endorsements)
    endorsed.message(2, new MessageWriter().bytes(1, endorser).bytes(2, signature));
  const action = new MessageWriter().bytes(1, proposal.payload).message(2, endorsed);
  const transaction = new MessageWriter().message(1, new MessageWriter().bytes(1, proposal.signatureHeader).message(2, action));
  return new MessageWriter().message(1, encodeHeader(proposal)).message(2, transaction).finish();
}

export function encodeEnvelope(payload: Uint8Array, signature: Uint8Array): Buffer {
  return new MessageWriter().bytes(1, payload).bytes(2, signature).finish();
}

/** The envelope and its headers; what is inside depends on the header's type. @throws FormatError */
export function decodeEnvelope(bytes: Uint8Array): DecodedEnvelope {
  const envelope = new MessageReader(bytes);
  const signed = envelope.bytes(1);
  const header = new MessageReader(signed).message(1);
  return {
    signed,
    creatorSignature: envelope.bytes(2),
    channel: decodeChannelHeader(header.bytes(1)),
    signature: decodeSignatureHeader(header.bytes(2)),
  };
}

/** The endorsed transaction in an envelope of that type. @throws FormatError */
export function decodeTransaction(envelope: DecodedEnvelope): DecodedTransaction {
  if (envelope.channel.type !== HEADER_TYPE.endorserTransaction) throw new FormatError('not an endorsed transaction');
  const payload = new MessageReader(envelope.signed);
  const header = payload.message(1);
  const actions = payload.message(2).all(1);
  const [only] = actions;
  if (!only || actions.length !== 1) throw new FormatError('a transaction has exactly one action');
  const action = new MessageReader(only);
  const content = action.message(2);
  const endorsed = content.message(2);
  return {
    // The header that was endorsed is the action's; Fabric takes the proposal's hash over that one as well.
    proposal: { channelHeader: header.bytes(1), signatureHeader: action.bytes(1), payload: content.bytes(1) },
    responsePayload: endorsed.bytes(1),
    endorsements: endorsed.all(2).map((entry) => {
      const endorsement = new MessageReader(entry);
      return { endorser: endorsement.bytes(1), signature: endorsement.bytes(2) };
    }),
  };
}
