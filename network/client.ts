/** A client's part: proposals and envelopes, signed by the agency's own key. */
import { randomBytes } from 'node:crypto';
import { CHAINCODE_NAME, CHANNEL } from './channel.js';
import { type Endorsement, encodeEnvelope, encodeTransaction } from './format/envelope.js';
import { encodeChannelHeader, encodeSignatureHeader, HEADER_TYPE, transactionIdOf } from './format/header.js';
import { encodeIdentity } from './format/identity.js';
import { encodeInvocation, encodeProposal, type ProposalParts } from './format/proposal.js';
import type { Signer } from './identity/signer.js';
import type { Invocation } from './ledger.js';

const NONCE_LENGTH = 24;
const creators = new WeakMap<Signer, Buffer>();

function creatorOf(signer: Signer): Buffer {
  let creator = creators.get(signer);
  if (!creator) {
    creator = encodeIdentity(signer);
    creators.set(signer, creator);
  }
  return creator;
}

export interface SignedProposal {
  readonly bytes: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Draft {
  readonly transactionId: string;
  /** milliseconds since the epoch */
  readonly timestamp: number;
  readonly parts: ProposalParts;
}

/** A proposal to any chaincode, with a fresh nonce, and so a fresh transaction id. */
export function draftCall(signer: Signer, chaincode: string, args: readonly string[], timestamp: number): Draft {
  const signature = { creator: creatorOf(signer), nonce: randomBytes(NONCE_LENGTH) };
  const transactionId = transactionIdOf(signature);
  const type = HEADER_TYPE.endorserTransaction;
  const parts = {
    channelHeader: encodeChannelHeader({ type, channel: CHANNEL, transactionId, timestamp, chaincode }),
    signatureHeader: encodeSignatureHeader(signature),
    payload: encodeInvocation(chaincode, args),
  };
  return { transactionId, timestamp, parts };
}

/** A proposal to our contracts. */
export function draftProposal(invocation: Invocation, timestamp: number): Draft {
  const { signer, function: name, argument } = invocation;
  return draftCall(signer, CHAINCODE_NAME, argument ? [name, argument] : [name], timestamp);
}

export async function signProposal(signer: Signer, draft: Draft): Promise<SignedProposal> {
  const bytes = encodeProposal(draft.parts);
  return { bytes, signature: await signer.sign(bytes) };
}

/** The envelope that goes to the orderers. */
export async function signEnvelope(
  signer: Signer,
  draft: Draft,
  responsePayload: Uint8Array,
  endorsements: readonly Endorsement[],
): Promise<Buffer> {
  const payload = encodeTransaction(draft.parts, responsePayload, endorsements);
  return encodeEnvelope(payload, await signer.sign(payload));
}
