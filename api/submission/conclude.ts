/** From what became of an attempt to what may be said about it now. */
import type { HttpAnswer } from '../http/answer.js';
import { problemOf } from '../http/errors.js';
import { Problem, type ProblemContext, problemAnswer } from '../http/problem.js';
import { PROBLEMS } from '../http/problem-table.js';
import { committedTransaction, findOperation, isSameWrite } from './applied.js';
import type { Operation } from './attempt.js';
import type { AnswerContext, Command, MakeAnswer } from './command.js';
import type { Outcome } from './outcome.js';
import type { SettleDeps } from './settle.js';

/** Nothing can change it any more; `earlier` when another request had done the same. */
interface Final {
  readonly kind: 'final';
  readonly answer: HttpAnswer;
  readonly transactionId: string | null;
  readonly earlier: boolean;
}

export type Conclusion =
  | Final
  | { readonly kind: 'open'; readonly transactionId: string }
  /** nothing was written, and the same request may be sent again */
  | { readonly kind: 'failed'; readonly error: unknown };

/** A refusal as an answer. */
export function refusalAnswer(error: unknown, context: ProblemContext): HttpAnswer {
  const found = problemOf(error);
  if (!found) throw error;
  return problemAnswer(found.code, found.facts, context);
}

/** Whether a refusal holds for good under this key: a passing one, or one of the caller's standing, does not. */
function isLasting(error: unknown): boolean {
  const code = problemOf(error)?.code;
  return code !== undefined && !PROBLEMS[code].retryable && code !== 'auth.invalid' && code !== 'auth.role';
}

/** What the ledger is given; where that cannot be made for good, the refusal. @throws what may be otherwise at the next try */
export async function inputOf(command: Pick<Command, 'inputOf' | 'context'>): Promise<{ readonly input: unknown } | Final> {
  try {
    return { input: await command.inputOf() };
  } catch (error) {
    if (!isLasting(error)) throw error;
    return { kind: 'final', answer: refusalAnswer(error, command.context), transactionId: null, earlier: false };
  }
}

async function concludeApplied(
  deps: SettleDeps,
  makeAnswer: MakeAnswer,
  write: Operation,
  context: AnswerContext,
  transactionId: string,
  earlier: boolean,
): Promise<Conclusion> {
  const committed = await committedTransaction(deps, transactionId);
  if (!committed) return { kind: 'open', transactionId };
  const applied = await findOperation(deps.store, write.agency, write.operation);
  if (!applied || !isSameWrite(applied, write)) return { kind: 'failed', error: new Problem('idempotency.mismatch') };
  return { kind: 'final', answer: makeAnswer(committed, context), transactionId, earlier };
}

/** `sent` are the transactions of this very request: finding one of them applied is no repeat. */
export async function conclude(
  deps: SettleDeps,
  makeAnswer: MakeAnswer,
  write: Operation,
  context: AnswerContext,
  sent: readonly string[],
  outcome: Outcome,
): Promise<Conclusion> {
  switch (outcome.kind) {
    case 'committed': {
      const { committed } = outcome;
      await deps.projection.waitFor(committed.block, deps.signal);
      const { transactionId } = committed;
      return { kind: 'final', answer: makeAnswer(committed, context), transactionId, earlier: false };
    }
    case 'applied': {
      const { transactionId } = outcome;
      return concludeApplied(deps, makeAnswer, write, context, transactionId, !sent.includes(transactionId));
    }
    case 'refused':
      if (!isLasting(outcome.refusal)) return { kind: 'failed', error: outcome.refusal };
      return { kind: 'final', answer: refusalAnswer(outcome.refusal, context), transactionId: null, earlier: false };
    case 'unknown':
      return { kind: 'open', transactionId: outcome.transactionId };
    case 'failed':
      return outcome;
  }
}
