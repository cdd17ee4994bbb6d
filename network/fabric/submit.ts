/** One write from the proposal to the certain outcome. */
import { PROVINCES } from '../../chaincode/provinces.js';
import { formatInstant } from '../../chaincode/time.js';
import { ENDORSEMENTS_REQUIRED } from '../channel.js';
import { draftProposal, signEnvelope, signProposal } from '../client.js';
import { LedgerConflict, LedgerUnavailable, OutcomeUnknown, ProvincesDisagree, TransactionInvalid } from '../errors.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { Committed, Invocation, TransactionStatus } from '../ledger.js';
import type { Call, Endorsed, PeerNode } from './answer.js';
import { broadcast, type OrdererNode } from './broadcast.js';
import { choosePeers } from './choose-peers.js';
import { type CollectDeps, collect, disagreement, objection, saidBy, Unsettled } from './collect.js';
import type { CommitWatch, Seen } from './commit-watch.js';
import { Deadline, jitter, pause } from './deadline.js';
import type { Lookup } from './lookup.js';
import type { Outbox, OutboxEntry } from './outbox.js';
import type { Resolver } from './resolver.js';

export interface SubmitDeps extends CollectDeps {
  readonly peers: readonly PeerNode[];
  readonly orderers: readonly OrdererNode[];
  /** so many orderers must have an envelope: ⌈(n+f+1)/2⌉ */
  readonly quorum: number;
  readonly watch: CommitWatch;
  readonly lookup: Lookup;
  readonly outbox: Outbox;
  readonly resolver: Resolver;
  readonly clock: () => number;
  /** end to end */
  readonly deadlineMs: number;
  /** told how long the endorsements took */
  readonly tookToEndorse: (milliseconds: number) => void;
}

export type Prepared = ((transactionId: string) => void) | undefined;

/** The first try and five more. */
const ATTEMPTS = 6;
const BROADCAST_MS = 5000;
/** After so long without a word from the stream of blocks the peers are asked. */
const LOOK_AFTER_MS = 3000;
const LOOK_EVERY_MS = 1000;
const STALE: readonly string[] = ['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT'];

/** Nothing was written, and the whole of it may be tried again; the reason is what the caller is told in the end. */
class TryAgain extends Error {
  readonly reason: Error;

  constructor(reason: Error) {
    super(reason.message);
    this.reason = reason;
  }
}

function names(nodes: readonly { readonly mspId: string }[]): string {
  return nodes.map(({ mspId }) => mspId).join(', ') || 'none';
}

/** With fewer it could not be endorsed or ordered: better said before anything is sent. */
function checkReachable({ peers, orderers, quorum }: SubmitDeps): void {
  const [peersUp, orderersUp] = [peers.filter((peer) => peer.isUp), orderers.filter((orderer) => orderer.isUp)];
  if (peersUp.length < ENDORSEMENTS_REQUIRED)
    throw new LedgerUnavailable(
      `${ENDORSEMENTS_REQUIRED} provinces' peers must endorse; reachable: ${names(peersUp)}; try again when more are back`,
    );
  if (orderersUp.length < quorum)
    throw new LedgerUnavailable(`${quorum} orderers are needed; reachable: ${names(orderersUp)}; try again when more are back`);
}

function reasonOf({ answers }: Unsettled): Error {
  const torn = answers.filter(({ kind }) => kind === 'endorsed').length > 1;
  return (
    objection(answers)?.error ??
    (torn ? new LedgerConflict('the peers read different states') : new ProvincesDisagree('a write', answers.map(saidBy)))
  );
}

async function endorsed(deps: SubmitDeps, invocation: Invocation, call: Call, deadline: Deadline): Promise<Endorsed[]> {
  const order = choosePeers(deps.peers, { own: invocation.signer.mspId, home: deps.home });
  const begun = performance.now();
  try {
    const agreed = await collect(deps, order, ENDORSEMENTS_REQUIRED, call, deadline);
    deps.tookToEndorse(performance.now() - begun);
    return agreed.slice(0, ENDORSEMENTS_REQUIRED);
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw disagreement('a write', error.answers) ?? new TryAgain(reasonOf(error));
  }
}

/** Sends until a quorum has it. @throws LedgerUnavailable when it is certain that none has it or ever will */
async function send(deps: SubmitDeps, { envelope }: OutboxEntry, deadline: Deadline, done: AbortSignal): Promise<void> {
  const { orderers, quorum, log } = deps;
  for (let round = 1; !done.aborted && !deadline.isOver; round += 1) {
    const tally = await broadcast(orderers, envelope, quorum, Math.min(BROADCAST_MS, deadline.left), log);
    if (tally.accepted >= quorum) return;
    const reasons = tally.complaints.join('; ');
    if (round === 1 && tally.unsent === orderers.length)
      throw new LedgerUnavailable(`no orderer can be reached (${reasons}); try again`);
    if (tally.rejected >= quorum) throw new LedgerUnavailable(`the orderers refuse the transaction (${reasons})`);
    await pause(Math.min(LOOK_EVERY_MS, deadline.left), done);
  }
}

/** What one's own peer saw is so if it is good; a failure, and what another province's peer saw, two must say. */
function isCertain({ home }: SubmitDeps, seen: Seen): boolean {
  return seen.code === VALIDATION_CODE.VALID && seen.mspId === home;
}

type Outcome = { readonly kind: 'seen'; readonly seen: Seen } | { readonly kind: 'told'; readonly status: TransactionStatus };

async function outcome(deps: SubmitDeps, transactionId: string, expected: Promise<Seen>, deadline: Deadline): Promise<Outcome> {
  const stop = new AbortController();
  try {
    let seen = await Promise.race([expected, pause(Math.min(LOOK_AFTER_MS, deadline.left), stop.signal)]);
    while (!deadline.isOver) {
      if (seen && isCertain(deps, seen)) return { kind: 'seen', seen };
      const status = await deps.lookup.status(transactionId).catch(() => undefined);
      if (status && status.status !== 'pending') return { kind: 'told', status };
      // Once it was seen somewhere, the second peer is only a moment behind.
      const wait = pause(Math.min(seen ? 50 : LOOK_EVERY_MS, deadline.left), stop.signal);
      if (seen) await wait;
      else seen = await Promise.race([expected, wait]);
    }
    throw new OutcomeUnknown(transactionId);
  } finally {
    stop.abort();
  }
}

function failure({ id, code }: Extract<TransactionStatus, { status: 'invalid' }>): Error {
  return STALE.includes(code)
    ? new TryAgain(new LedgerConflict(`the state moved under the transaction ${ATTEMPTS} times`))
    : new TransactionInvalid(id, code);
}

/** @throws LedgerUnavailable when it cannot be kept: what could not be followed up after a crash is not sent */
async function keep(outbox: Outbox, entry: OutboxEntry): Promise<void> {
  try {
    await outbox.put(entry);
  } catch (error) {
    throw new LedgerUnavailable(`the envelope cannot be kept: ${(error as Error).message}; look after the disk and try again`);
  }
}

async function ordered(deps: SubmitDeps, entry: OutboxEntry, deadline: Deadline): Promise<Outcome> {
  const { transactionId } = entry;
  await keep(deps.outbox, entry);
  const expectation = deps.watch.expect(transactionId);
  const done = new AbortController();
  try {
    const sent = send(deps, entry, deadline, done.signal);
    const never = sent.then(() => new Promise<never>(() => undefined));
    return await Promise.race([outcome(deps, transactionId, expectation.seen, deadline), never]);
  } finally {
    done.abort();
    expectation.cancel();
  }
}

async function attempt(deps: SubmitDeps, invocation: Invocation, prepared: Prepared, deadline: Deadline): Promise<Committed> {
  checkReachable(deps);
  const draft = draftProposal(invocation, deps.clock());
  const { transactionId } = draft;
  prepared?.(transactionId);
  const call = { draft, proposal: await signProposal(invocation.signer, draft) };
  const endorsements = await endorsed(deps, invocation, call, deadline);
  const [{ payload, response }] = endorsements as [Endorsed];
  const entry = { transactionId, envelope: await signEnvelope(invocation.signer, draft, payload, endorsements) };
  if (deadline.isOver) throw new LedgerUnavailable('the provinces took too long to endorse; try again');
  let found: Outcome;
  try {
    found = await ordered(deps, entry, deadline);
  } catch (error) {
    if (error instanceof OutcomeUnknown) deps.resolver.add(entry);
    else await deps.outbox.settle(transactionId);
    throw error;
  }
  const settled = deps.outbox.settle(transactionId);
  settled.catch((error) => deps.log(`the outbox keeps ${transactionId}, which is settled: ${(error as Error).message}`));
  if (found.kind === 'told' && found.status.status === 'invalid') throw failure(found.status);
  if (found.kind === 'told' && found.status.status === 'valid') return found.status.committed;
  const { block, position } = (found as Extract<Outcome, { kind: 'seen' }>).seen;
  return {
    transactionId,
    block,
    position,
    time: formatInstant(draft.timestamp),
    endorsers: PROVINCES.map(({ mspId }) => mspId).filter((mspId) => endorsements.some((each) => each.mspId === mspId)),
    payload: Buffer.from(response.payload).toString('utf8'),
  };
}

/**
 * @throws Refusal, LedgerConflict, LedgerUnavailable, ProvincesDisagree, TransactionInvalid: nothing was written
 * @throws OutcomeUnknown: it is followed up in the background
 */
export async function submit(deps: SubmitDeps, invocation: Invocation, prepared: Prepared): Promise<Committed> {
  const deadline = new Deadline(deps.deadlineMs);
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(deps, invocation, prepared, deadline);
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      const wait = jitter(number);
      if (number === ATTEMPTS || wait >= deadline.left) throw error.reason;
      await pause(wait);
    }
  }
}
