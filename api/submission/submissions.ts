/**
 * Every write on its way from a request to the ledger, once: claimed under its key, sent, answered, and
 * followed up when the answer had to be given before the outcome was known.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { HttpAnswer } from '../http/answer.js';
import { Problem } from '../http/problem.js';
import { catchUp, committedTransaction, findOperation, isSameWrite } from './applied.js';
import { attempt, type Operation } from './attempt.js';
import type { AnswerContext, AnswerForm, Command } from './command.js';
import { type Conclusion, conclude, refusalAnswer } from './conclude.js';
import { createMakeAnswer, pendingAnswer } from './make-answer.js';
import { type SettleDeps, settle } from './settle.js';
import {
  announce,
  claim,
  findOrphans,
  findSubmission,
  forget,
  prune,
  putAnswer,
  type SubmissionRow,
  storedAnswer,
} from './submission-rows.js';

export interface SubmissionsDeps extends SettleDeps {
  readonly clock: () => number;
  /** how long a request waits for the outcome before it is answered with 202 */
  readonly deadlineMilliseconds: number;
}

/** An answer, and whether it had been given before. */
export interface Submitted {
  readonly answer: HttpAnswer;
  readonly replayed: boolean;
}

const KEPT_DAYS = 30;
const DAY = 86_400_000;

export class Submissions {
  readonly #deps: SubmissionsDeps;
  readonly #forms = new Map<string, AnswerForm>();
  readonly #makeAnswer = createMakeAnswer(this.#forms);
  /** rows of another process are nobody's when this one starts */
  readonly #process = randomUUID();
  readonly #abort = new AbortController();
  readonly #requests = new Set<Promise<unknown>>();
  readonly #followUps = new Set<Promise<unknown>>();
  #orphans: number | undefined;

  constructor(deps: SubmissionsDeps) {
    this.#deps = deps;
  }

  /** How a route answers; every route that writes says so once, before the first request. */
  register(form: AnswerForm): void {
    if (this.#forms.has(form.name)) throw new Error(`two routes are called ${form.name}`);
    this.#forms.set(form.name, form);
  }

  /** Whether everything that earlier processes left open is settled. */
  get recovered(): boolean {
    return this.#orphans === 0;
  }

  /** @throws Problem, Refusal and the ledger's errors: then nothing was written, and the key is free again */
  async submit(command: Command): Promise<Submitted> {
    const write = {
      agency: command.principal.agencyId,
      operation: command.key ?? randomBytes(24).toString('base64url'),
      function: command.function,
      input: command.input,
    };
    if (command.key !== undefined && !(await this.#claim(write, command))) return this.#repeat(write, command);
    const work = this.#answer(write, command);
    this.#requests.add(work);
    try {
      return await work;
    } finally {
      this.#requests.delete(work);
    }
  }

  /**
   * What a key has been answered already; undefined for a new one. For routes that look at the present
   * state before they send: a repeat must get its first answer, whatever has become of the state since.
   */
  async earlier({
    principal,
    key,
    fingerprint,
  }: Pick<Command, 'principal' | 'key' | 'fingerprint'>): Promise<Submitted | undefined> {
    if (key === undefined) return undefined;
    const row = await findSubmission(this.#deps.store, { agency: principal.agencyId, operation: key });
    return row && this.#stored(row, fingerprint);
  }

  /** Takes up what earlier processes left open. Call it once, when all routes are registered. */
  async recover(): Promise<void> {
    const { store, clock } = this.#deps;
    await prune(store, new Date(clock() - KEPT_DAYS * DAY).toISOString());
    const rows = await findOrphans(store, this.#process);
    this.#orphans = rows.length;
    for (const row of rows) {
      const write = { ...row, input: JSON.parse(row.input) as unknown };
      const context = JSON.parse(row.context) as AnswerContext;
      const done = row.state === 'pending' ? this.#follow(write, context, row.transaction_id) : this.#takeUp(write, context);
      this.#track(
        done.then((settled) => {
          if (settled) this.#orphans = (this.#orphans ?? 0) - 1;
        }),
      );
    }
  }

  /** Lets requests finish; what is still open then is for the next process. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#requests]);
    this.#abort.abort();
    await Promise.allSettled([...this.#followUps]);
  }

  #claim(write: Operation, command: Command): Promise<boolean> {
    return claim(this.#deps.store, write, command, this.#process, new Date(this.#deps.clock()).toISOString());
  }

  #track(work: Promise<unknown>): void {
    const tracked: Promise<void> = work.then(
      () => undefined,
      () => undefined,
    );
    this.#followUps.add(tracked);
    tracked.then(() => this.#followUps.delete(tracked));
  }

  async #repeat(write: Operation, command: Command): Promise<Submitted> {
    const row = await findSubmission(this.#deps.store, write);
    // Gone again: the first request failed in passing and gave its key back.
    if (!row) throw new Problem('idempotency.in-progress');
    return this.#stored(row, command.fingerprint);
  }

  #stored(row: SubmissionRow, fingerprint: string): Submitted {
    if (row.fingerprint !== fingerprint) throw new Problem('idempotency.mismatch');
    const answer = storedAnswer(row);
    if (!answer) throw new Problem('idempotency.in-progress');
    return { answer, replayed: true };
  }

  /** The first of: the conclusion, or the deadline once there is a transaction to name. */
  async #answer(write: Operation, command: Command): Promise<Submitted> {
    const sent: string[] = [];
    let toldFirst = () => {};
    const firstSent = new Promise<void>((resolve) => {
      toldFirst = resolve;
    });
    const { province, roles, withheld } = command.principal;
    const prepared = (id: string) => {
      sent.push(id);
      toldFirst();
    };
    const conclusion = attempt(this.#deps, write, { prepared, standing: { province, roles: [...roles, ...withheld] } }).then(
      (outcome) => conclude(this.#deps, this.#makeAnswer, write, command.context, sent, outcome),
    );
    conclusion.catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#deps.deadlineMilliseconds);
    }).then(() => firstSent);
    try {
      const first = await Promise.race([conclusion, late]);
      return first
        ? await this.#give(write, command, first)
        : await this.#announce(write, command, sent.at(-1) as string, conclusion);
    } catch (error) {
      if (command.key !== undefined) await forget(this.#deps.store, write);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #give(write: Operation, command: Command, conclusion: Conclusion): Promise<Submitted> {
    if (conclusion.kind === 'failed') throw conclusion.error;
    if (conclusion.kind === 'open') return this.#announce(write, command, conclusion.transactionId);
    const { answer, transactionId, earlier } = conclusion;
    if (command.key !== undefined) await putAnswer(this.#deps.store, write, 'done', transactionId, answer);
    return { answer, replayed: earlier };
  }

  /** Answers 202 and sees the write through. */
  async #announce(
    write: Operation,
    command: Command,
    transactionId: string,
    conclusion: Promise<Conclusion> = Promise.resolve({ kind: 'open', transactionId }),
  ): Promise<Submitted> {
    const { store } = this.#deps;
    const answer = pendingAnswer(transactionId);
    if (command.key === undefined) await this.#claim(write, command);
    await putAnswer(store, write, 'pending', transactionId, answer);
    await announce(store, write, transactionId);
    this.#track(this.#finish(write, command.context, transactionId, conclusion));
    return { answer, replayed: false };
  }

  async #finish(write: Operation, context: AnswerContext, transactionId: string, conclusion: Promise<Conclusion>): Promise<void> {
    const concluded = await conclusion.catch((error: unknown) => ({ kind: 'failed' as const, error }));
    if (concluded.kind === 'final') await putAnswer(this.#deps.store, write, 'done', concluded.transactionId, concluded.answer);
    else await this.#follow(write, context, transactionId);
  }

  /** @returns whether the outcome is certain now; false when this process ends first */
  async #follow(write: Operation, context: AnswerContext, transactionId: string | null): Promise<boolean> {
    const settled = await settle(this.#deps, write, transactionId ?? undefined, this.#abort.signal);
    if (!settled) return false;
    const [id, answer] =
      settled.kind === 'committed'
        ? [settled.committed.transactionId, this.#makeAnswer(settled.committed, context)]
        : [null, refusalAnswer(settled.refusal, context)];
    await putAnswer(this.#deps.store, write, 'done', id, answer);
    return true;
  }

  /**
   * A write that an earlier process was at when it ended, and whose client was told nothing. If it was not
   * applied it is dropped, not sent: the client may have given it up. Should it still be on its way, a
   * repeat under the same key meets it on the ledger.
   */
  async #takeUp(write: Operation, context: AnswerContext): Promise<boolean> {
    const { store } = this.#deps;
    await catchUp(this.#deps);
    const applied = await findOperation(store, write.agency, write.operation);
    const committed =
      applied && isSameWrite(applied, write) ? await committedTransaction(this.#deps, applied.transaction) : undefined;
    if (committed) await putAnswer(store, write, 'done', committed.transactionId, this.#makeAnswer(committed, context));
    else await forget(store, write);
    return true;
  }
}
