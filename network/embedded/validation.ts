/**
 * What each peer does with an ordered transaction. First what the bytes alone tell: ids, signatures,
 * the endorsement policy. Then, in block order, what depends on everything before: a transaction id
 * seen already, and versions read that are no longer the last (multi-version concurrency control).
 */
import { CHAINCODE_NAME, CHANNEL, ENDORSEMENTS_REQUIRED } from '../channel.js';
import { type DecodedEnvelope, type DecodedTransaction, decodeEnvelope, decodeTransaction } from '../format/envelope.js';
import { HEADER_TYPE, transactionIdOf } from '../format/header.js';
import { proposalHash } from '../format/proposal.js';
import { decodeResponsePayload, type ProposalResponse } from '../format/response.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import { type Membership, verifyMember } from '../identity/msp.js';
import type { Read, Version, Write } from './simulation.js';

export interface CheckedTransaction {
  readonly id: string;
  readonly code: number;
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
}

/** What stands for the envelope of block 0: it reads and writes nothing. */
export const CONFIGURATION: CheckedTransaction = { id: '', code: VALIDATION_CODE.VALID, reads: [], writes: [] };

/** Whether a member signed these bytes. */
export type SignatureCheck = typeof verifyMember;

/** The orderers take no such message: it is in no block, under no code. */
export class EnvelopeRefused extends Error {
  override readonly name = 'EnvelopeRefused';
}

/** Distinct provinces whose peers signed this very payload. A client's certificate endorses nothing. */
async function endorsingProvinces(
  membership: Membership,
  transaction: DecodedTransaction,
  verify: SignatureCheck,
): Promise<number> {
  const valid = await Promise.all(
    transaction.endorsements.map(async ({ endorser, signature }) => {
      const member = membership.member(endorser);
      if (member?.unit !== 'peer') return undefined;
      const signed = Buffer.concat([transaction.responsePayload, endorser]);
      return (await verify(member, signed, signature)) ? member.mspId : undefined;
    }),
  );
  return new Set(valid.filter((mspId) => mspId !== undefined)).size;
}

async function creatorSigned(membership: Membership, envelope: DecodedEnvelope, verify: SignatureCheck): Promise<boolean> {
  const member = membership.member(envelope.signature.creator);
  return member !== undefined && (await verify(member, envelope.signed, envelope.creatorSignature));
}

function isConsistent(transaction: DecodedTransaction, response: ProposalResponse): boolean {
  return (
    Buffer.from(response.proposalHash).equals(proposalHash(transaction.proposal)) &&
    response.status === 200 &&
    response.chaincode.name === CHAINCODE_NAME
  );
}

/** The code that the bytes alone deserve. @throws FormatError, EnvelopeRefused for what no orderer would take */
export async function checkEnvelope(
  membership: Membership,
  bytes: Uint8Array,
  verify: SignatureCheck = verifyMember,
): Promise<CheckedTransaction> {
  const envelope = decodeEnvelope(bytes);
  const { channel } = envelope;
  if (channel.channel !== CHANNEL || channel.type !== HEADER_TYPE.endorserTransaction)
    throw new EnvelopeRefused('not an endorsed transaction of this channel');
  if (channel.transactionId !== transactionIdOf(envelope.signature))
    throw new EnvelopeRefused('the transaction id is not that of nonce and creator');
  const transaction = decodeTransaction(envelope);
  const response = decodeResponsePayload(transaction.responsePayload);
  const [signed, provinces] = await Promise.all([
    creatorSigned(membership, envelope, verify),
    endorsingProvinces(membership, transaction, verify),
  ]);
  if (!signed) throw new EnvelopeRefused("the creator's signature does not hold");
  const { id, reads, writes } = { id: channel.transactionId, reads: response.reads, writes: response.writes };
  if (!isConsistent(transaction, response)) return { id, reads, writes, code: VALIDATION_CODE.INVALID_ENDORSER_TRANSACTION };
  const code = provinces < ENDORSEMENTS_REQUIRED ? VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE : VALIDATION_CODE.VALID;
  return { id, reads, writes, code };
}

/** What the committed state must tell for the second half. */
export interface CommittedView {
  hasTransaction(id: string): boolean;
  version(key: string): Version | undefined;
}

function isStale(read: Read, current: Version | undefined): boolean {
  return read.version?.block !== current?.block || read.version?.position !== current?.position;
}

/** Final codes in block order. A key written earlier in the same block makes every later read of it stale. */
export function validateInOrder(view: CommittedView, transactions: readonly CheckedTransaction[]): number[] {
  const seen = new Set<string>();
  const written = new Set<string>();
  return transactions.map((transaction) => {
    if (transaction.code !== VALIDATION_CODE.VALID) return transaction.code;
    if (seen.has(transaction.id) || view.hasTransaction(transaction.id)) return VALIDATION_CODE.DUPLICATE_TXID;
    seen.add(transaction.id);
    if (transaction.reads.some((read) => written.has(read.key) || isStale(read, view.version(read.key))))
      return VALIDATION_CODE.MVCC_READ_CONFLICT;
    for (const { key } of transaction.writes) written.add(key);
    return VALIDATION_CODE.VALID;
  });
}
