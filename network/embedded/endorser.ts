/**
 * A peer's part: take a signed proposal, check who sent it and when, execute it against committed state,
 * and form the payload that peers sign. One operator runs all four peers, so one execution serves all;
 * where three are asked for, each runs for itself and they are compared.
 */
import { parseRefusal, Refusal } from '../../chaincode/errors.js';
import { CHAINCODE_NAME, CHAINCODE_VERSION, CHANNEL, TIME_WINDOW_MS } from '../channel.js';
import type { SignedProposal } from '../client.js';
import { LedgerUnavailable } from '../errors.js';
import type { Endorsement } from '../format/envelope.js';
import { HEADER_TYPE, transactionIdOf } from '../format/header.js';
import { type DecodedProposal, decodeProposal, proposalHash } from '../format/proposal.js';
import { encodeResponsePayload } from '../format/response.js';
import { type Member, type Membership, verifyMember } from '../identity/msp.js';
import type { NetworkNode } from '../identity/province.js';
import type { Dispatcher } from './dispatcher.js';
import { type Simulation, type StateReader, simulate } from './simulation.js';

export interface EndorserDeps {
  readonly membership: Membership;
  /** one for each execution that is asked for */
  readonly dispatchers: readonly Dispatcher[];
  readonly state: StateReader;
  /** number of blocks committed; it moves when state does */
  readonly height: () => number;
  readonly clock: () => number;
}

export interface Execution {
  /** `ProposalResponsePayload` */
  readonly payload: Buffer;
  /** what the contract answered */
  readonly answer: Uint8Array;
}

/** Executions of one proposal differed: a contract is not deterministic. Nothing was written. */
export class ExecutionsDiffer extends Error {
  override readonly name = 'ExecutionsDiffer';
}

/** @throws Refusal `auth.invalid`, LedgerUnavailable when the declared time is outside the window */
async function checkProposal(
  deps: EndorserDeps,
  proposal: SignedProposal,
): Promise<{ decoded: DecodedProposal; member: Member }> {
  const decoded = decodeProposal(proposal.bytes);
  const { channel, signature } = decoded;
  const named = channel.channel === CHANNEL && channel.chaincode === CHAINCODE_NAME;
  if (!named || channel.type !== HEADER_TYPE.endorserTransaction || channel.transactionId !== transactionIdOf(signature))
    throw new Refusal('request.invalid');
  const now = deps.clock();
  const offset = Math.abs(channel.timestamp - now);
  if (offset > TIME_WINDOW_MS)
    throw new LedgerUnavailable(
      `the transaction's time is ${Math.round(offset / 1000)} s off from the peer's clock; check both clocks`,
    );
  const member = deps.membership.member(signature.creator);
  if (member?.unit !== 'client' || now < member.notBefore || now > member.notAfter) throw new Refusal('auth.invalid');
  if (!(await verifyMember(member, proposal.bytes, proposal.signature))) throw new Refusal('auth.invalid');
  return { decoded, member };
}

/** Executes until state did not move meanwhile, so that all reads are of one height, as on a peer. */
async function simulateAtOneHeight(deps: EndorserDeps, dispatcher: Dispatcher, decoded: DecodedProposal, member: Member) {
  for (;;) {
    const before = deps.height();
    const simulation = await simulate(dispatcher, deps.state, {
      transactionId: decoded.channel.transactionId,
      channel: decoded.channel.channel,
      chaincode: decoded.channel.chaincode,
      timestamp: decoded.channel.timestamp,
      creator: { mspId: member.mspId, certificate: member.certificate },
      args: decoded.args,
    });
    if (deps.height() === before) return { simulation, height: before };
  }
}

function responsePayload(decoded: DecodedProposal, simulation: Simulation): Buffer {
  return encodeResponsePayload({
    proposalHash: proposalHash(decoded),
    chaincode: { name: CHAINCODE_NAME, version: CHAINCODE_VERSION },
    status: simulation.status,
    payload: simulation.payload,
    reads: simulation.reads,
    writes: simulation.writes,
  });
}

async function executeOnce(deps: EndorserDeps, dispatcher: Dispatcher, decoded: DecodedProposal, member: Member) {
  const { simulation, height } = await simulateAtOneHeight(deps, dispatcher, decoded, member);
  if (simulation.status !== 200)
    throw parseRefusal(simulation.message) ?? new Error(`the contract failed: ${simulation.message}`);
  return { payload: responsePayload(decoded, simulation), answer: simulation.payload, height };
}

/** @throws Refusal from the peer's checks or the contract; LedgerUnavailable; ExecutionsDiffer */
export async function executeProposal(deps: EndorserDeps, proposal: SignedProposal): Promise<Execution> {
  const { decoded, member } = await checkProposal(deps, proposal);
  for (;;) {
    const executions = [];
    for (const dispatcher of deps.dispatchers) executions.push(await executeOnce(deps, dispatcher, decoded, member));
    const [first, ...others] = executions;
    if (!first) throw new Error('no dispatcher to execute with');
    if (others.some((other) => other.height !== first.height)) continue;
    if (others.some((other) => !other.payload.equals(first.payload))) throw new ExecutionsDiffer('peers answered differently');
    return first;
  }
}

/** A peer's signature over payload ‖ its own identity. */
export async function endorse(peer: NetworkNode, payload: Uint8Array): Promise<Endorsement> {
  return { endorser: peer.identity, signature: await peer.sign(Buffer.concat([payload, peer.identity])) };
}
