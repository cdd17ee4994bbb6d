/**
 * Every write on its way from a request to the ledger, once: sent, answered, and followed up when the
 * answer had to be given before the outcome was known. Nothing is noted before it is sent: the ledger
 * itself refuses to apply an operation twice, so a process that ends in between leaves a key under which
 * a repeat finds what was done, or does it.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpAnswer } from '../http/answer.js';
import { Problem, problemAnswer } from '../http/problem.js';
import { findOperation } from './applied.js';
import { attempt, type Operation } from './attempt.js';
import type { AnswerContext, AnswerForm, Command } from './command.js';
import { type Conclusion, conclude, inputOf, refusalAnswer } from './conclude.js';
import { createMakeAnswer, pendingAnswer } from './make-answer.js';
import { type SettleDeps, type Settled, settle } from './settle.js';
import { announce, findPending, findSubmission, prune, putAnswer, storedAnswer } from './submission-rows.js';

export interface SubmissionsDeps extends Omit<SettleDeps, 'signal'> {
  readonly clock: () => number;
  /** how long a request waits for the outcome before it is answered with 202 */
  readonly deadlineMilliseconds: number;
  /** told of writes that had to be given up */
  readonly log?: (message: string) => void;
}

/** An answer, and whether it had been given before. */
export interface Submitted {
  readonly answer: HttpAnswer;
  readonly replayed: boolean;
}

const KEPT_DAYS = 30;
const DAY = 86_400_000;

type Keyed = Pick<Command, 'principal' | 'key' | 'fingerprint'>;
type Final = Pick<Extract<Conclusion, { kind: 'final' }>, 'transactionId' | 'answer'>;
/** What a stored answer is found by, and made from. */
type Stored = Pick<Command, 'fingerprint' | 'context'>;

export class Submissions {
  readonly #deps: SubmissionsDeps & SettleDeps;
  readonly #forms = new Map<string, AnswerForm>();
  readonly #makeAnswer = createMakeAnswer(this.#forms);
  readonly #abort = new AbortController();
  /** fingerprints of the writes that are being worked on, by agency and key */
  readonly #running = new Map<string, string>();
  readonly #requests = new Set<Promise<unknown>>();
  readonly #followUps = new Set<Promise<unknown>>();
  #orphans: number | undefined;

  constructor(deps: SubmissionsDeps) {
    this.#deps = { ...deps, signal: this.#abort.signal };
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

  /**
   * The write, unless its key was answered before. `inputOf` is asked only for a first try: a repeat must
   * get its first answer, whatever has become since of the state that the input is made from.
   * @throws Problem, Refusal and the ledger's errors: then nothing was written, and the key is free again
   */
  async submit(command: Command): Promise<Submitted> {
    const { agencyId } = command.principal;
    if (command.key === undefined) return this.#first(command, randomBytes(24).toString('base64url'));
    const name = `${agencyId} ${command.key}`;
    this.#ensureNotRunning(name, command);
    const earlier = await this.#earlier(command);
    if (earlier) return earlier;
    this.#ensureNotRunning(name, command);
    this.#running.set(name, command.fingerprint);
    try {
      return await this.#first(command, command.key);
    } finally {
      this.#running.delete(name);
    }
  }

  /** Settles what earlier processes answered with 202. Call it once, when all routes are registered. */
  async recover(): Promise<void> {
    const { store, clock } = this.#deps;
    await prune(store, new Date(clock() - KEPT_DAYS * DAY).toISOString());
    const rows = await findPending(store);
    this.#orphans = rows.length;
    for (const row of rows) {
      const write = { ...row, ...(JSON.parse(row.input) as Pick<Operation, 'asked' | 'input'>) };
      const context = JSON.parse(row.context) as AnswerContext;
      const followed = this.#follow(write, { fingerprint: row.fingerprint, context }, row.transaction_id);
      this.#track(
        followed.then((settled) => {
          if (settled) this.#orphans = (this.#orphans ?? 0) - 1;
        }),
      );
    }
  }

  /** Lets requests finish, as long as an answer may take; what is still open then is for the next process. */
  async close(): Promise<void> {
    const finished = Promise.allSettled([...this.#requests]);
    await Promise.race([finished, delay(this.#deps.deadlineMilliseconds, undefined, { ref: false })]);
    this.#abort.abort();
    await Promise.allSettled([...this.#followUps]);
  }

  #ensureNotRunning(name: string, { fingerprint }: Keyed): void {
    const running = this.#running.get(name);
    if (running !== undefined) throw new Problem(running === fingerprint ? 'idempotency.in-progress' : 'idempotency.mismatch');
  }

  #now(): string {
    return new Date(this.#deps.clock()).toISOString();
  }

  #track(work: Promise<unknown>): void {
    const tracked = Promise.allSettled([work]);
    this.#followUps.add(tracked);
    tracked.then(() => this.#followUps.delete(tracked));
  }

  async #earlier({ principal, key = '', fingerprint }: Keyed): Promise<Submitted | undefined> {
    const row = await findSubmission(this.#deps.store, { agency: principal.agencyId, operation: key });
    if (!row) return undefined;
    const answer = storedAnswer(row);
    if (row.fingerprint !== fingerprint || !answer) throw new Problem('idempotency.mismatch');
    return { answer, replayed: true };
  }

  async #first(command: Command, operation: string): Promise<Submitted> {
    const work = this.#answer(command, operation);
    this.#requests.add(work);
    try {
      return await work;
    } finally {
      this.#requests.delete(work);
    }
  }

  /** The first of: the conclusion, or the deadline once there is a transaction to name. */
  async #answer(command: Command, operation: string): Promise<Submitted> {
    const { agencyId: agency, province, roles, withheld, keyDigest } = command.principal;
    const standing = { province, roles: [...roles, ...withheld], keyDigest };
    const asked = { agency, operation, function: command.function, asked: command.asked, input: command.asked };
    const applied = command.key === undefined ? undefined : await findOperation(this.#deps.store, agency, operation);
    if (applied) return this.#give(asked, command, await this.#concludeApplied(asked, command, applied.transaction));
    const made = await inputOf(command);
    if ('answer' in made) return this.#give(asked, command, made);
    const write = { ...asked, ...made };
    const sent: string[] = [];
    let toldFirst = () => {};
    const firstSent = new Promise<void>((resolve) => {
      toldFirst = resolve;
    });
    const prepared = (id: string) => {
      sent.push(id);
      toldFirst();
    };
    const conclusion = attempt(this.#deps, write, { prepared, standing }).then((outcome) =>
      conclude(this.#deps, this.#makeAnswer, write, command.context, sent, outcome),
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
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * A process that ended between commit and answer left no row but an operation on the ledger: it is
   * found before anything is made from the present state, which has this very write in it.
   */
  #concludeApplied(write: Operation, { context }: Command, transactionId: string): Promise<Conclusion> {
    return conclude(this.#deps, this.#makeAnswer, write, context, [], { kind: 'applied', transactionId });
  }

  async #give(write: Operation, command: Command, conclusion: Conclusion): Promise<Submitted> {
    if (conclusion.kind === 'failed') throw conclusion.error;
    if (conclusion.kind === 'open') return this.#announce(write, command, conclusion.transactionId);
    if (command.key !== undefined) await this.#finish(write, command, conclusion);
    return { answer: conclusion.answer, replayed: conclusion.earlier };
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
    await putAnswer(store, write, command, { state: 'pending', transactionId, answer, now: this.#now() });
    await announce(store, write, transactionId);
    this.#track(this.#seeThrough(write, command, transactionId, conclusion));
    return { answer, replayed: false };
  }

  async #seeThrough(write: Operation, stored: Stored, transactionId: string, conclusion: Promise<Conclusion>): Promise<void> {
    const concluded = await conclusion.catch((error: unknown) => ({ kind: 'failed' as const, error }));
    if (concluded.kind === 'final') await this.#finish(write, stored, concluded);
    else await this.#follow(write, stored, transactionId);
  }

  /** @returns whether the outcome is certain now; false when this process ends first */
  async #follow(write: Operation, stored: Stored, transactionId: string | null): Promise<boolean> {
    const settled = await settle(this.#deps, write, transactionId ?? undefined);
    if (!settled) return false;
    await this.#finish(write, stored, this.#settledAnswer(write, stored, settled));
    return true;
  }

  /** What cannot be answered as it should be is answered with a problem, so that nothing waits for it for ever. */
  #settledAnswer(write: Operation, { context }: Stored, settled: Settled): Final {
    const giveUp = (error: unknown) =>
      this.#deps.log?.(`operation ${write.operation} of ${write.agency} (${write.function}) is given up: ${String(error)}`);
    if (settled.kind === 'refused') return { transactionId: null, answer: refusalAnswer(settled.refusal, context) };
    if (settled.kind === 'failed') {
      giveUp(settled.error);
      return { transactionId: null, answer: refusalAnswer(settled.error, context) };
    }
    const { transactionId } = settled.committed;
    try {
      return { transactionId, answer: this.#makeAnswer(settled.committed, context) };
    } catch (error) {
      giveUp(error);
      return { transactionId, answer: problemAnswer('internal.error', {}, context) };
    }
  }

  async #finish(write: Operation, stored: Stored, { transactionId, answer }: Final): Promise<void> {
    await putAnswer(this.#deps.store, write, stored, { state: 'done', transactionId, answer, now: this.#now() });
  }
}
