/** An endorsed envelope: kept, sent to the orderers, and followed until its outcome is certain. */
import { LedgerUnavailable, OutcomeUnknown } from '../errors.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { TransactionStatus } from '../ledger.js';
import { BROADCAST_MS, broadcast, type OrdererNode } from './broadcast.js';
import { type CatchUpDeps, homeCatchesUp, patience } from './catch-up.js';
import type { CommitWatch, Seen } from './commit-watch.js';
import { type Deadline, pause } from './deadline.js';
import type { Outbox, OutboxEntry } from './outbox.js';
import type { Log } from './sdk-log.js';

export interface OrderDeps extends CatchUpDeps {
  readonly orderers: readonly OrdererNode[];
  /** so many orderers must have an envelope: ⌈(n+f+1)/2⌉ */
  readonly quorum: number;
  readonly watch: CommitWatch;
  readonly outbox: Outbox;
  readonly log: Log;
}

/** What bounds one write: its time, and how far callers had been told when it came, as a height. */
export interface Bounds {
  readonly deadline: Deadline;
  readonly since: number;
}

export type Invalid = Extract<TransactionStatus, { status: 'invalid' }>;
export type Outcome = Invalid | { readonly status: 'valid'; readonly block: number; readonly position: number };

/** After so long without a word from the stream of blocks the peers are asked. */
const LOOK_AFTER_MS = 3000;
const LOOK_EVERY_MS = 1000;

/** @throws LedgerUnavailable when it cannot be kept: what could not be followed up after a crash is not sent */
async function keep(outbox: Outbox, entry: OutboxEntry): Promise<void> {
  try {
    await outbox.put(entry);
  } catch (error) {
    throw new LedgerUnavailable(`the envelope cannot be kept: ${(error as Error).message}; look after the disk and try again`);
  }
}

/** Sends until a quorum has it. @throws LedgerUnavailable when it is certain that none has it or ever will */
async function send(deps: OrderDeps, { envelope }: OutboxEntry, deadline: Deadline, done: AbortSignal): Promise<void> {
  const { orderers, quorum, log } = deps;
  // An orderer that took it once, or may have, can have had it ordered before the others began to refuse it.
  let mayBeTaken = false;
  while (!done.aborted && !deadline.isOver) {
    const tally = await broadcast(orderers, envelope, quorum, Math.min(BROADCAST_MS, deadline.left), log);
    if (tally.accepted >= quorum) return;
    const reasons = tally.complaints.join('; ');
    if (!mayBeTaken && tally.unsent === orderers.length)
      throw new LedgerUnavailable(`no orderer can be reached (${reasons}); try again`);
    if (!mayBeTaken && tally.rejected >= quorum) throw new LedgerUnavailable(`the orderers refuse the transaction (${reasons})`);
    mayBeTaken ||= tally.rejected + tally.unsent < orderers.length;
    await pause(Math.min(LOOK_EVERY_MS, deadline.left), done);
  }
}

/** What one's own peer saw is so if it is good; a failure, and what another province's peer saw, two must say. */
function isCertain({ home }: OrderDeps, seen: Seen): boolean {
  return seen.code === VALIDATION_CODE.VALID && seen.mspId === home;
}

async function follow(
  deps: OrderDeps,
  transactionId: string,
  expected: Promise<Seen>,
  { deadline, since }: Bounds,
  done: AbortSignal,
): Promise<Outcome> {
  const told: { seen?: Seen } = {};
  const seeing = expected.then((seen): undefined => {
    told.seen = seen;
  });
  // Whatever is waited for, the stream of blocks may be first, once.
  const orSeen = <T>(wait: Promise<T>): Promise<T | undefined> => Promise.race(told.seen ? [wait] : [wait, seeing]);
  const rest = (most: number) => pause(Math.min(most, deadline.left), done);
  await orSeen(rest(LOOK_AFTER_MS));
  while (!deadline.isOver && !done.aborted) {
    const { seen } = told;
    if (seen && isCertain(deps, seen)) return { status: 'valid', block: seen.block, position: seen.position };
    const looking = deps.lookup.statusInTurn(transactionId, done).catch(() => undefined);
    const status = await orSeen(Promise.race([looking, rest(deadline.left).then(() => undefined)]));
    if (status?.status === 'invalid') return status;
    if (status?.status === 'valid') {
      const { block, position } = status.committed;
      await homeCatchesUp(deps, block, since, patience(deadline.left));
      return { status: 'valid', block, position };
    }
    // Once it was seen somewhere, the second peer is only a moment behind.
    await orSeen(rest(told.seen ? 50 : LOOK_EVERY_MS));
  }
  throw new OutcomeUnknown(transactionId);
}

/** @throws LedgerUnavailable: no quorum has it or ever will; OutcomeUnknown */
export async function order(deps: OrderDeps, entry: OutboxEntry, bounds: Bounds): Promise<Outcome> {
  const { transactionId } = entry;
  await keep(deps.outbox, entry);
  const expectation = deps.watch.expect(transactionId);
  const done = new AbortController();
  try {
    const sent = send(deps, entry, bounds.deadline, done.signal);
    const never = sent.then(() => new Promise<never>(() => undefined));
    return await Promise.race([follow(deps, transactionId, expectation.seen, bounds, done.signal), never]);
  } finally {
    done.abort();
    expectation.cancel();
  }
}
