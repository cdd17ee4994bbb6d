/**
 * What an envelope deserves by its bytes and the channel's members alone, as Fabric's peers judge it, in their order:
 * the first thing that is wrong gives the code. What depends on the state before comes later (`rules.ts`).
 */
import { CHAINCODE_NAME } from '../../channel.js';
import { type DecodedTransaction, decodeEnvelope, decodeTransaction } from '../../format/envelope.js';
import { decodeSignatureHeader, HEADER_TYPE, transactionIdOf } from '../../format/header.js';
import { decodeInvocation, proposalHash } from '../../format/proposal.js';
import { decodeNamespaces, type NamespaceSet } from '../../format/read-write-sets.js';
import { decodeResponsePayload } from '../../format/response.js';
import { VALIDATION_CODE } from '../../format/validation-code.js';
import { MessageReader } from '../../format/wire.js';
import type { ChannelInForce } from '../../identity/in-force.js';
import { type Member, type Membership, verifyMember } from '../../identity/msp.js';
import { type JudgedTransaction, periodFault, type Signatures } from '../judge-transaction.js';
import { LIFECYCLE } from './definition.js';
import { updateFault } from './judge-update.js';
import { readsAndWrites } from './state-keys.js';

export interface JudgedEnvelope extends JudgedTransaction {
  /** what was called, and what it touched; undefined when the code is decided already, and in a configuration */
  readonly action?: {
    readonly chaincode: string;
    readonly sets: readonly NamespaceSet[];
    /** whose signature under it holds, each once */
    readonly endorsers: readonly Member[];
    /** a code that comes after the question whether its id was seen before */
    readonly then?: { readonly code: number; readonly reason: string };
  };
}

const NOTHING = { reads: [], writes: [] } as const;
const UNITS = ['client', 'peer', 'admin', 'orderer'];
const CONFIG_UPDATE = 2;
const EPOCH = 6;

function marked(code: keyof typeof VALIDATION_CODE, reason: string, id = ''): JudgedEnvelope {
  return { id, code: VALIDATION_CODE[code], reason, ...NOTHING };
}

/** Undefined when the bytes are no message. */
function parsed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

interface Opened {
  readonly type: number;
  readonly creator: Buffer;
  readonly id: string;
  readonly channelHeader: MessageReader;
}

/** The headers, or the code for what is wrong with them. */
function open(bytes: Uint8Array): Opened | JudgedEnvelope {
  const payload = parsed(() => new MessageReader(bytes).bytes(1));
  if (!payload) return marked('INVALID_OTHER_REASON', 'it is no envelope');
  const header = parsed(() => new MessageReader(payload).message(1));
  if (!header) return marked('BAD_PAYLOAD', 'its payload is no message');
  const channelHeader = parsed(() => new MessageReader(header.bytes(1)));
  const signature = parsed(() => decodeSignatureHeader(header.bytes(2)));
  const types: number[] = [HEADER_TYPE.config, CONFIG_UPDATE, HEADER_TYPE.endorserTransaction];
  const type = channelHeader?.int32(1) ?? 0;
  const whole = signature && signature.creator.length > 0 && signature.nonce.length > 0;
  if (!channelHeader || !types.includes(type) || channelHeader.integer(EPOCH) !== 0 || !whole)
    return marked('BAD_COMMON_HEADER', 'its header is not one of a transaction');
  return { type, creator: signature.creator, id: channelHeader.text(5), channelHeader };
}

async function endorsersOf(
  membership: Membership,
  { responsePayload, endorsements }: DecodedTransaction,
  signatures: Signatures,
): Promise<{ members: Member[]; wrong: string[] }> {
  const judged = await Promise.all(
    endorsements.map(async ({ endorser, signature }, index) => {
      const member = membership.member(endorser);
      if (!member) return `endorsement ${index} is by a certificate that no member's authority issued, or that is revoked`;
      if (signatures === 'checked-before') return member;
      const holds = await verifyMember(member, Buffer.concat([responsePayload, endorser]), signature);
      return holds ? member : `endorsement ${index} has no signature of ${member.mspId}'s ${member.unit} that holds`;
    }),
  );
  const members = [...new Set(judged.filter((one) => typeof one !== 'string'))];
  return { members, wrong: judged.filter((one) => typeof one === 'string') };
}

type Then = NonNullable<NonNullable<JudgedEnvelope['action']>['then']>;

/** Names that must be there and agree, before any policy is asked. */
function dispatchFault(
  channelHeader: MessageReader,
  payload: Buffer,
  sets: readonly NamespaceSet[] | undefined,
): Then | undefined {
  const then = (code: keyof typeof VALIDATION_CODE, reason: string): Then => ({ code: VALIDATION_CODE[code], reason });
  const extension = parsed(() => new MessageReader(channelHeader.bytes(7)));
  if (!extension) return then('BAD_HEADER_EXTENSION', 'its header names no chaincode');
  const action = parsed(() => new MessageReader(payload).message(2));
  if (!action) return then('BAD_RESPONSE_PAYLOAD', 'its answer is no message');
  if (!sets) return then('BAD_RWSET', 'what it read and wrote is no message');
  if (extension.optional(2) === undefined || action.optional(4) === undefined)
    return then('INVALID_OTHER_REASON', 'header or answer names no chaincode');
  const [called, answered] = [extension.message(2).text(2), action.message(4)];
  if (called === '' || called !== answered.text(2) || answered.text(3) === '')
    return then('INVALID_CHAINCODE', `it calls ${called}, and ${answered.text(2)} answers`);
  const events = action.bytes(2);
  if (events.length > 0 && parsed(() => new MessageReader(events).text(1)) !== called)
    return then('INVALID_OTHER_REASON', 'it tells of an event of another chaincode');
  const names = sets.map(({ namespace }) => namespace);
  if (new Set(names).size !== names.length) return then('ILLEGAL_WRITESET', 'it names a namespace twice');
  return undefined;
}

/** The endorsed call in an envelope, or what is wrong with it. */
function opensCall(bytes: Uint8Array): DecodedTransaction | string {
  const transaction = parsed(() => decodeTransaction(decodeEnvelope(bytes)));
  const own = transaction && parsed(() => decodeSignatureHeader(transaction.proposal.signatureHeader));
  const response = transaction && parsed(() => new MessageReader(transaction.responsePayload));
  if (!transaction || !own?.creator.length || !own.nonce.length || !response) return 'it holds no endorsed call';
  const isThat = response.bytes(1).equals(proposalHash(transaction.proposal));
  return isThat ? transaction : 'the proposal in it is not the one that was endorsed';
}

/** A certificate that did not cover the declared time, in words. */
function expiredAt(timestamp: number, members: readonly Member[]): JudgedTransaction['ifValid'] {
  const faults = members.map((member) => periodFault(`${member.mspId}'s ${member.unit}`, member, timestamp));
  const problem = faults.find((fault) => fault !== undefined);
  return problem === undefined ? undefined : { check: 'certificate', problem };
}

async function judgeCall(
  { membership }: ChannelInForce,
  bytes: Uint8Array,
  { id, channelHeader }: Opened,
  creator: Member,
  signatures: Signatures,
): Promise<JudgedEnvelope> {
  const { signature, channel } = decodeEnvelope(bytes);
  if (id !== transactionIdOf(signature)) return marked('BAD_PROPOSAL_TXID', 'its id is not that of its nonce and creator', id);
  const transaction = opensCall(bytes);
  if (typeof transaction === 'string') return marked('INVALID_ENDORSER_TRANSACTION', transaction, id);
  const sets = parsed(() => decodeNamespaces(new MessageReader(transaction.responsePayload).message(2).bytes(1)));
  const then = dispatchFault(channelHeader, transaction.responsePayload, sets);
  const { members: endorsers, wrong } = await endorsersOf(membership, transaction, signatures);
  const chaincode = parsed(() => new MessageReader(channelHeader.bytes(7)).message(2).text(2)) ?? '';
  const isOurs = chaincode === CHAINCODE_NAME && !then;
  const call = isOurs ? callOf(transaction, sets ?? [], creator, channel.timestamp) : undefined;
  const expired = expiredAt(channel.timestamp, [creator, ...endorsers]);
  return {
    id,
    code: VALIDATION_CODE.VALID,
    ...readsAndWrites(sets ?? []),
    signers: [creator, ...endorsers],
    action: { chaincode, sets: sets ?? [], endorsers, ...(then ? { then } : {}) },
    ...(wrong.length > 0 ? { reason: wrong.join('; ') } : {}),
    ...(call ? { call } : {}),
    ...(expired ? { ifValid: expired } : {}),
  };
}

function callOf(
  transaction: DecodedTransaction,
  sets: readonly NamespaceSet[],
  creator: Member,
  timestamp: number,
): JudgedTransaction['call'] | undefined {
  const lifecycle = sets.find(({ namespace }) => namespace === LIFECYCLE);
  return parsed(() => {
    const { chaincode, args } = decodeInvocation(transaction.proposal.payload);
    const { responsePayload } = transaction;
    const response = decodeResponsePayload(responsePayload, CHAINCODE_NAME);
    const call = { creator, timestamp, args: chaincode === CHAINCODE_NAME ? args : [], response, responsePayload };
    return lifecycle ? { ...call, besides: new Map([[LIFECYCLE, { reads: lifecycle.reads, writes: [] }]]) } : call;
  });
}

/** Never rejects. */
export async function judgeEnvelope(
  channel: ChannelInForce,
  bytes: Uint8Array,
  block: number,
  signatures: Signatures,
): Promise<JudgedEnvelope> {
  if (block === 0) return { id: '', code: VALIDATION_CODE.VALID, ...NOTHING };
  const opened = open(bytes);
  if ('code' in opened) return opened;
  const { type, creator, id } = opened;
  const member = channel.membership.member(creator);
  if (!member || !UNITS.includes(member.unit))
    return marked('BAD_CREATOR_SIGNATURE', "its creator's certificate is no member's, or is revoked", id);
  const outer = new MessageReader(bytes);
  if (signatures === 'check' && !(await verifyMember(member, outer.bytes(1), outer.bytes(2))))
    return marked('BAD_CREATOR_SIGNATURE', 'the signature of its creator does not hold', id);
  if (type === HEADER_TYPE.endorserTransaction) return judgeCall(channel, bytes, opened, member, signatures);
  if (type !== HEADER_TYPE.config)
    return marked('UNSUPPORTED_TX_PAYLOAD', 'it is an update that no orderer made a configuration of', id);
  const wrong = await updateFault(channel, bytes);
  const fault = wrong === undefined ? {} : { fault: { check: 'configuration' as const, problem: wrong } };
  return { id, code: VALIDATION_CODE.VALID, ...NOTHING, ...fault };
}
