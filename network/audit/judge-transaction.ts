/**
 * What a transaction deserves by its bytes alone, with the reason: decoded anew, every signature and certificate
 * checked, the endorsement policy counted. The code that stands in the block is not looked at here.
 */
import { CHAINCODE_NAME, CHANNEL, ENDORSEMENTS_REQUIRED, TIME_WINDOW_MS } from '../channel.js';
import { type CheckedTransaction, CONFIGURATION } from '../embedded/validation.js';
import { type DecodedEnvelope, type DecodedTransaction, decodeEnvelope, decodeTransaction } from '../format/envelope.js';
import { HEADER_TYPE, transactionIdOf } from '../format/header.js';
import { decodeIdentity } from '../format/identity.js';
import { decodeInvocation, proposalHash } from '../format/proposal.js';
import { decodeResponsePayload, type ProposalResponse, type ReadWriteSet } from '../format/response.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import { nameOf } from '../identity/block-signatures.js';
import { type Member, type Membership, verifyMember } from '../identity/msp.js';
import type { Check } from './difference.js';

export interface EndorsedCall {
  readonly creator: Member;
  /** milliseconds since the epoch, declared */
  readonly timestamp: number;
  /** `contract:Function`, then its arguments */
  readonly args: readonly string[];
  readonly response: ProposalResponse;
  /** `ProposalResponsePayload`: what was signed */
  readonly responsePayload: Buffer;
  /** what a network's peer read for itself beside the contract: which definition of the chaincode it ran */
  readonly besides?: ReadonlyMap<string, ReadWriteSet>;
}

/** `code` is what the bytes alone deserve. */
export interface JudgedTransaction extends CheckedTransaction {
  /** why the code is not VALID */
  readonly reason?: string;
  /** what no peer or orderer would have let into a block, under any code */
  readonly fault?: { readonly check: Check; readonly problem: string };
  /** what is wrong with it when it took effect; under another code it is nobody's concern */
  readonly ifValid?: { readonly check: Check; readonly problem: string };
  /** whose signatures in it hold: who called, and who endorsed */
  readonly signers?: readonly Member[];
  /** who called what and what was answered; of what is no call of our chaincode there is none */
  readonly call?: EndorsedCall;
}

/** Whether signatures are checked, or were in an earlier audit of these very bytes. */
export type Signatures = 'check' | 'checked-before';

/** Why a certificate does not cover a time, in words; undefined when it does. */
export function periodFault(who: string, member: Member, time: number): string | undefined {
  const [from, to] = [member.notBefore - TIME_WINDOW_MS, member.notAfter + TIME_WINDOW_MS];
  if (time >= from && time <= to) return undefined;
  const date = (at: number) => new Date(at).toISOString();
  return `the certificate of ${who} was valid from ${date(member.notBefore)} to ${date(member.notAfter)}, not at ${date(time)}`;
}

/** @returns the peer's member, or why the endorsement does not count */
async function judgeEndorsement(
  membership: Membership,
  { responsePayload }: DecodedTransaction,
  { endorser, signature }: DecodedTransaction['endorsements'][number],
  signatures: Signatures,
): Promise<Member | string> {
  const member = membership.member(endorser);
  if (!member) {
    const { mspId, certificate } = decodeIdentity(endorser);
    return `is by a certificate that ${mspId}'s authority did not issue (${nameOf(certificate)})`;
  }
  if (member.unit !== 'peer') return `is by a ${member.unit} certificate of ${member.mspId}, not by a peer's`;
  if (signatures === 'checked-before') return member;
  const signed = Buffer.concat([responsePayload, endorser]);
  return (await verifyMember(member, signed, signature)) ? member : `has no signature of ${member.mspId}'s peer that holds`;
}

async function judgePolicy(
  membership: Membership,
  transaction: DecodedTransaction,
  time: number,
  signatures: Signatures,
): Promise<{ met: boolean; reason: string; members: readonly Member[]; expired: string | undefined }> {
  const judged = await Promise.all(
    transaction.endorsements.map((one) => judgeEndorsement(membership, transaction, one, signatures)),
  );
  const members = judged.filter((one) => typeof one !== 'string');
  const count = new Set(members.map(({ mspId }) => mspId)).size;
  const wrong = judged.flatMap((one, index) => (typeof one === 'string' ? [`endorsement ${index} ${one}`] : []));
  const reason = [`${count} provinces' peers endorsed it, not ${ENDORSEMENTS_REQUIRED}`, ...wrong].join('; ');
  const expired = members.map((member) => periodFault(`${member.mspId}'s peer`, member, time)).find((fault) => fault);
  return { met: count >= ENDORSEMENTS_REQUIRED, reason, members, expired };
}

function creatorFault(envelope: DecodedEnvelope, member: Member | undefined, signed: boolean): JudgedTransaction['fault'] {
  const { mspId, certificate } = decodeIdentity(envelope.signature.creator);
  if (!member)
    return {
      check: 'certificate',
      problem: `its creator's certificate is none of ${mspId}'s authority (${nameOf(certificate)})`,
    };
  if (member.unit !== 'client')
    return { check: 'certificate', problem: `its creator is a ${member.unit} of ${mspId}, and only clients may call` };
  if (!signed) return { check: 'creator', problem: `the signature of its creator (${nameOf(certificate)}) does not hold` };
  const expired = periodFault('its creator', member, envelope.channel.timestamp);
  return expired ? { check: 'certificate', problem: expired } : undefined;
}

/** What is wrong between proposal, answer and names. */
function inconsistency(envelope: DecodedEnvelope, transaction: DecodedTransaction, response: ProposalResponse) {
  if (!Buffer.from(response.proposalHash).equals(proposalHash(transaction.proposal)))
    return 'the proposal in it is not the one that was endorsed';
  if (response.status !== 200) return `the endorsed answer has status ${response.status}`;
  const names = [envelope.channel.chaincode, decodeInvocation(transaction.proposal.payload).chaincode, response.chaincode.name];
  const other = names.find((name) => name !== CHAINCODE_NAME);
  return other === undefined ? undefined : `it is about a chaincode ${other}`;
}

async function judge(membership: Membership, envelope: DecodedEnvelope, signatures: Signatures): Promise<JudgedTransaction> {
  const id = envelope.channel.transactionId;
  const transaction = decodeTransaction(envelope);
  const response = decodeResponsePayload(transaction.responsePayload);
  const member = membership.member(envelope.signature.creator);
  const [signed, policy] = await Promise.all([
    signatures === 'checked-before' || (member !== undefined && verifyMember(member, envelope.signed, envelope.creatorSignature)),
    judgePolicy(membership, transaction, envelope.channel.timestamp, signatures),
  ]);
  const fault = creatorFault(envelope, member, signed);
  const { reads, writes } = response;
  if (fault || !member) return { id, code: VALIDATION_CODE.BAD_CREATOR_SIGNATURE, reads, writes, ...(fault ? { fault } : {}) };
  const { timestamp } = envelope.channel;
  const { args } = decodeInvocation(transaction.proposal.payload);
  const call = { creator: member, timestamp, args, response, responsePayload: transaction.responsePayload };
  const judged = { id, call, reads, writes, signers: [member, ...policy.members] };
  const inconsistent = inconsistency(envelope, transaction, response);
  if (inconsistent) return { ...judged, code: VALIDATION_CODE.INVALID_ENDORSER_TRANSACTION, reason: inconsistent };
  if (!policy.met) return { ...judged, code: VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE, reason: policy.reason };
  const expired = policy.expired && ({ check: 'certificate', problem: policy.expired } as const);
  return { ...judged, code: VALIDATION_CODE.VALID, ...(expired ? { fault: expired } : {}) };
}

/** @param isConfiguration block 0 holds no call */
export async function judgeTransaction(
  membership: Membership,
  bytes: Uint8Array,
  isConfiguration: boolean,
  signatures: Signatures,
): Promise<JudgedTransaction> {
  if (isConfiguration) return CONFIGURATION;
  try {
    const envelope = decodeEnvelope(bytes);
    const { channel, signature } = envelope;
    const refused = (problem: string): JudgedTransaction => ({
      id: channel.transactionId,
      code: VALIDATION_CODE.INVALID_OTHER_REASON,
      reads: [],
      writes: [],
      fault: { check: 'record', problem },
    });
    if (channel.channel !== CHANNEL || channel.type !== HEADER_TYPE.endorserTransaction)
      return refused('it is no endorsed transaction of this channel');
    if (channel.transactionId !== transactionIdOf(signature)) return refused('its id is not that of its nonce and creator');
    return await judge(membership, envelope, signatures);
  } catch (error) {
    const nothing = { id: '', reads: [], writes: [] };
    return { ...nothing, code: VALIDATION_CODE.BAD_PAYLOAD, fault: { check: 'record', problem: (error as Error).message } };
  }
}
