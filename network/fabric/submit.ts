/** One write from the proposal to the certain outcome. */
import { PROVINCES } from '../../chaincode/provinces.js';
import { formatInstant } from '../../chaincode/time.js';
import { ENDORSEMENTS_REQUIRED } from '../channel.js';
import { draftProposal, signEnvelope, signProposal } from '../client.js';
import { LedgerConflict, LedgerUnavailable, OutcomeUnknown, ProvincesDisagree, TransactionInvalid } from '../errors.js';
import type { Committed, Invocation } from '../ledger.js';
import type { Call, Endorsed } from './answer.js';
import { enoughCatchUp, patience } from './catch-up.js';
import { choosePeers } from './choose-peers.js';
import { type CollectDeps, collect, Unsettled } from './collect.js';
import { Deadline, jitter, pause } from './deadline.js';
import { type Bounds, type Invalid, type OrderDeps, type Outcome, order } from './order.js';
import type { OutboxEntry } from './outbox.js';
import type { Resolver } from './resolver.js';
import { disagreement, saidBy } from './said.js';

export interface SubmitDeps extends CollectDeps, OrderDeps {
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
const STALE: readonly string[] = ['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT'];

/** Nothing was written, and the whole of it may be tried again; the reason is what the caller is told in the end. */
class TryAgain extends Error {
  readonly reason: Error;
  /** what peers must have for another try to be of use, as a height */
  readonly since: number;

  constructor(reason: Error, since = 0) {
    super(reason.message);
    this.reason = reason;
    this.since = since;
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

function reasonOf({ answers, reason }: Unsettled): Error {
  const torn = answers.filter(({ kind }) => kind === 'endorsed').length > 1;
  return (
    reason ??
    (torn ? new LedgerConflict('the peers read different states') : new ProvincesDisagree('a write', answers.map(saidBy)))
  );
}

async function endorsed(deps: SubmitDeps, own: string, call: Call, bounds: Bounds): Promise<readonly Endorsed[]> {
  const order = choosePeers(deps, own, bounds.since);
  const begun = performance.now();
  try {
    const agreed = await collect(deps, { ...bounds, call, order, needed: ENDORSEMENTS_REQUIRED, agreement: 'any' });
    deps.tookToEndorse(performance.now() - begun);
    return agreed.slice(0, ENDORSEMENTS_REQUIRED);
  } catch (error) {
    if (!(error instanceof Unsettled)) throw error;
    throw disagreement('a write', error.answers) ?? new TryAgain(reasonOf(error));
  }
}

function failure({ id, code, block }: Invalid): Error {
  return STALE.includes(code)
    ? new TryAgain(new LedgerConflict(`the state moved under the transaction ${ATTEMPTS} times`), block + 1)
    : new TransactionInvalid(id, code);
}

/**
 * What to tell of an envelope that was not seen in a block. Where nothing was sent nothing may be later, by another process
 * after a crash; where that cannot be made sure of, or anything else went wrong, its outcome is open and is followed up.
 */
async function leftBy({ outbox, resolver, log }: SubmitDeps, entry: OutboxEntry, error: unknown): Promise<unknown> {
  const { transactionId } = entry;
  if (error instanceof LedgerUnavailable) {
    try {
      await outbox.withdraw(transactionId);
      return error;
    } catch (failed) {
      log(`the outbox keeps ${transactionId}, which was not sent: ${(failed as Error).message}`);
    }
  }
  resolver.add(entry);
  return error instanceof OutcomeUnknown ? error : new OutcomeUnknown(transactionId);
}

async function attempt(deps: SubmitDeps, invocation: Invocation, prepared: Prepared, bounds: Bounds): Promise<Committed> {
  checkReachable(deps);
  const draft = draftProposal(invocation, deps.clock());
  const { transactionId } = draft;
  prepared?.(transactionId);
  const call = { draft, proposal: await signProposal(invocation.signer, draft) };
  const endorsements = await endorsed(deps, invocation.signer.mspId, call, bounds);
  const [{ payload, response }] = endorsements as readonly [Endorsed];
  const entry = { transactionId, envelope: await signEnvelope(invocation.signer, draft, payload, endorsements) };
  if (bounds.deadline.isOver) throw new LedgerUnavailable('the provinces took too long to endorse; try again');
  let found: Outcome;
  try {
    found = await order(deps, entry, bounds);
  } catch (error) {
    throw await leftBy(deps, entry, error);
  }
  const settled = deps.outbox.settle(transactionId);
  settled.catch((error) => deps.log(`the outbox keeps ${transactionId}, which is settled: ${(error as Error).message}`));
  if (found.status === 'invalid') throw failure(found);
  return {
    transactionId,
    // Where it stands is all that was to be learnt: the rest was signed for by three provinces.
    block: found.block,
    position: found.position,
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
  let since = deps.horizon.height;
  for (let number = 1; ; number += 1) {
    try {
      const committed = await attempt(deps, invocation, prepared, { deadline, since });
      deps.horizon.told(committed.block);
      return committed;
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      const wait = jitter(number);
      if (number === ATTEMPTS || wait >= deadline.left) throw error.reason;
      await pause(wait);
      since = Math.max(since, error.since);
      await enoughCatchUp(deps, ENDORSEMENTS_REQUIRED, since, patience(deadline.left));
      if (deadline.isOver) throw error.reason;
    }
  }
}
