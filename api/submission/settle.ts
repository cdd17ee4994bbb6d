/**
 * Settling a write whose outcome is not known: its transaction is looked up, and the same operation is
 * sent again. The ledger applies an operation once, so sending it again is always safe, and it is what
 * makes the outcome certain: a transaction that nobody has seen might still be on its way.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Refusal } from '../../chaincode/errors.js';
import type { Committed, Ledger } from '../../network/ledger.js';
import { problemOf } from '../http/errors.js';
import { PROBLEMS } from '../http/problem-table.js';
import type { Projection } from '../projection/projection.js';
import { catchUp, committedTransaction, findOperation } from './applied.js';
import { type AttemptDeps, attempt, type Operation } from './attempt.js';
import type { Outcome } from './outcome.js';

export interface SettleDeps extends AttemptDeps {
  readonly ledger: Ledger;
  readonly projection: Projection;
  readonly signal: AbortSignal;
}

export type Settled =
  | { readonly kind: 'committed'; readonly committed: Committed }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** it can never be sent again from here, and the ledger does not have it */
  | { readonly kind: 'failed'; readonly error: unknown };

const PAUSES = [100, 500, 2000, 5000, 15_000];

async function committed(deps: SettleDeps, id: string): Promise<Settled | undefined> {
  const found = await committedTransaction(deps, id);
  return found && { kind: 'committed', committed: found };
}

/**
 * A refusal other than `operation.applied` does not say that the operation was not applied: the agency
 * may have lost its role since. The operation's own record does.
 */
async function afterRefusal(deps: SettleDeps, write: Operation, refusal: Refusal): Promise<Settled | undefined> {
  await catchUp(deps);
  const applied = await findOperation(deps.store, write.agency, write.operation);
  return applied ? committed(deps, applied.transaction) : { kind: 'refused', refusal };
}

/** A key that this wallet does not hold, or an agency that is gone, will be no other at the next try. */
function isPermanent(error: unknown): boolean {
  const code = problemOf(error)?.code;
  return code !== undefined && !PROBLEMS[code].retryable;
}

async function afterFailure(deps: SettleDeps, write: Operation, error: unknown): Promise<Settled | undefined> {
  // What keeps it from being signed again does not keep what was signed before from being ordered.
  if (!isPermanent(error) || deps.ledger.open?.(write.agency, write.operation) !== undefined) return undefined;
  await catchUp(deps);
  const applied = await findOperation(deps.store, write.agency, write.operation);
  return applied ? committed(deps, applied.transaction) : { kind: 'failed', error };
}

async function conclude(deps: SettleDeps, write: Operation, outcome: Outcome): Promise<Settled | undefined> {
  if (outcome.kind === 'committed') {
    await deps.projection.waitFor(outcome.committed.block, deps.signal);
    return outcome;
  }
  if (outcome.kind === 'applied') return committed(deps, outcome.transactionId);
  if (outcome.kind === 'refused') return afterRefusal(deps, write, outcome.refusal);
  if (outcome.kind === 'failed') return afterFailure(deps, write, outcome.error);
  return undefined;
}

async function once(deps: SettleDeps, write: Operation, transactionId: string | undefined): Promise<Settled | undefined> {
  const known = transactionId === undefined ? undefined : await committed(deps, transactionId);
  return known ?? conclude(deps, write, await attempt(deps, write));
}

/** Tries until the outcome is certain. @returns undefined when this process ends first */
export async function settle(
  deps: SettleDeps,
  write: Operation,
  transactionId: string | undefined,
): Promise<Settled | undefined> {
  const { signal } = deps;
  for (let tries = 0; !signal.aborted; tries++) {
    const settled = await once(deps, write, transactionId).catch(() => undefined);
    if (settled) return settled;
    await delay(PAUSES[Math.min(tries, PAUSES.length - 1)], undefined, { signal }).catch(() => {});
  }
  return undefined;
}
