/**
 * What a peer answers to a proposal, told apart by what it means. A peer's errors come as text only: they are
 * read here and nowhere else. An endorsement counts only when we have verified it ourselves: the SDK does not.
 */
import { parseRefusal, Refusal } from '../../chaincode/errors.js';
import type { Draft, SignedProposal } from '../client.js';
import { proposalHash } from '../format/proposal.js';
import { decodeResponsePayload, type ProposalResponse } from '../format/response.js';
import { type Membership, verifyMember } from '../identity/msp.js';
import type { Node } from './node.js';
import { isConnectionFault, type SdkEndorser, type SdkProposalResponse } from './sdk.js';
import type { Log } from './sdk-log.js';

export interface Endorsed {
  readonly kind: 'endorsed';
  readonly mspId: string;
  /** PEM of the peer's certificate */
  readonly certificate: string;
  /** `ProposalResponsePayload`, which the signature covers before the endorser */
  readonly payload: Buffer;
  readonly endorser: Buffer;
  readonly signature: Buffer;
  readonly response: ProposalResponse;
}

export type Answer =
  | Endorsed
  /** the contract, or the peer's own check of the caller, said no; signed by nobody */
  | { readonly kind: 'refused'; readonly mspId: string; readonly refusal: Refusal }
  /** the contract failed otherwise; signed by nobody */
  | { readonly kind: 'failed'; readonly mspId: string; readonly message: string }
  /** the peer's clock and ours are too far apart */
  | { readonly kind: 'clock'; readonly mspId: string; readonly message: string }
  /** no answer that could be believed: this peer is of no use now */
  | { readonly kind: 'trouble'; readonly mspId: string; readonly message: string };

export interface Call {
  readonly draft: Draft;
  readonly proposal: SignedProposal;
}

export type PeerNode = Node<SdkEndorser>;

export interface AskDeps {
  readonly membership: Membership;
  readonly log: Log;
}

/** What fabric-common says when nothing came back in time. */
const NO_ANSWER = 'REQUEST TIMEOUT';
/** What a peer says of a caller whose certificate or signature it does not accept. */
const NOT_ACCEPTED = ['access denied', 'identity expired', 'failed evaluating policy on signed data'];
const OTHER_TIME = 'incorrect timestamp';

function ofText(mspId: string, message: string): Answer {
  if (message.includes(OTHER_TIME)) return { kind: 'clock', mspId, message };
  if (NOT_ACCEPTED.some((text) => message.includes(text)))
    return { kind: 'refused', mspId, refusal: new Refusal('auth.invalid') };
  return { kind: 'trouble', mspId, message };
}

/** A peer that ran the contract sends, unsigned, what it would have signed; one that could not run it sends nothing. */
function ofFailure(mspId: string, { response, payload }: SdkProposalResponse): Answer {
  const { message } = response;
  if (!payload?.length) return ofText(mspId, message);
  const refusal = parseRefusal(message);
  return refusal ? { kind: 'refused', mspId, refusal } : { kind: 'failed', mspId, message };
}

async function verified(deps: AskDeps, mspId: string, draft: Draft, answer: SdkProposalResponse): Promise<Answer> {
  const trouble = (message: string): Answer => {
    deps.log(`what the peer of ${mspId} endorsed is dropped: ${message}`);
    return { kind: 'trouble', mspId, message };
  };
  if (!answer.payload || !answer.endorsement) return trouble('it is not signed');
  const { endorser, signature } = answer.endorsement;
  const member = deps.membership.member(endorser);
  if (member?.mspId !== mspId) return trouble(`the certificate is not one of ${mspId}'s authority`);
  if (member.unit !== 'peer') return trouble(`the certificate is that of a ${member.unit || 'stranger'}, not of a peer`);
  if (!(await verifyMember(member, Buffer.concat([answer.payload, endorser]), signature)))
    return trouble('the signature does not hold');
  const response = decodeResponsePayload(answer.payload);
  if (!proposalHash(draft.parts).equals(response.proposalHash)) return trouble('it answers another proposal');
  if (response.status !== 200) return trouble(`it signed a failure (${response.status})`);
  return {
    kind: 'endorsed',
    mspId,
    certificate: member.certificate,
    payload: answer.payload,
    endorser,
    signature,
    response,
  };
}

/**
 * Asks one peer; never throws.
 * @param fairMs how long a peer may take; one that was given less, by a caller whose time was nearly over, is no worse for it
 */
export async function askPeer(
  deps: AskDeps,
  peer: PeerNode,
  call: Call,
  timeoutMs: number,
  fairMs: number = timeoutMs,
): Promise<Answer> {
  const { mspId, endpoint } = peer;
  const { bytes, signature } = call.proposal;
  const { service } = endpoint;
  try {
    const answer = await endpoint.sendProposal({ proposal_bytes: bytes, signature }, Math.max(1, timeoutMs));
    if (answer.response.status >= 400) return ofFailure(mspId, answer);
    return await verified(deps, mspId, call.draft, answer);
  } catch (error) {
    const { message } = error as Error;
    if (isConnectionFault(error)) peer.wasBroken(service);
    if (message !== NO_ANSWER) return ofText(mspId, message);
    if (timeoutMs >= fairMs) peer.wasSilent();
    return { kind: 'trouble', mspId, message: `no answer within ${Math.round(timeoutMs)} ms` };
  }
}
