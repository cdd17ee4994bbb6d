/** One step of a history as a fast-check command: something is tried, on the ledger and on the model. */
import { deepEqual, equal, partialDeepStrictEqual } from 'node:assert/strict';
import type { AsyncCommand } from 'fast-check';
import type { Proposal } from '../../network/embedded/simulation.js';
import type { Actor } from '../support/contract-world.js';
import { hash } from '../support/digests.js';
import { checkAgreement } from './agreement.js';
import { Dice } from './dice.js';
import type { HistoryLedger, Outcome } from './ledger.js';
import { checkRules } from './rules/rules.js';
import type { Model } from './state.js';
import { type Call, HOUR, type Input, type Verb } from './verb.js';
import { someVerb, THEMES, type Theme } from './verbs/verbs.js';

/** What a history works on: the ledger under test, and what the steps before left to try again. */
export interface History {
  readonly ledger: HistoryLedger;
  readonly impostors: readonly Actor[];
  /** told of every function that was accepted, and every code that was given */
  readonly seen: (fn: string, code: string | undefined) => void;
  steps: number;
  theme?: Theme;
  last?: Attempt;
}

interface Attempt {
  readonly verb: Verb;
  readonly actor: Actor;
  readonly input: Input;
  readonly operation: string;
  /** what was done to the call that must get it refused with a code, before any rule is asked */
  readonly spoilt?: string;
  readonly impostor?: boolean;
}

/** Numbers that a contract must never let through: a citizen's, a mobile, a card. */
const PERSONAL = ['11010519491231002X', '13800138000', '6222021234567890128', '110105-19491231-002X'];

function attempt(history: History, model: Model, dice: Dice): Attempt {
  if (history.last && dice.chance(4)) return history.last;
  history.theme ??= dice.of(THEMES);
  const verb = someVerb(model, dice, history.theme);
  const { actor, input } = verb.propose(model, dice);
  const operation = `history-step-${String(history.steps).padStart(4, '0')}`;
  const plain = { verb, actor, input, operation };
  if (verb.codeField && !dice.chance(97))
    return { ...plain, input: { ...input, [verb.codeField]: dice.of(PERSONAL) }, spoilt: 'privacy.personal-data' };
  if (!dice.chance(98)) return { ...plain, input: { ...input, agency: actor.agencyId }, spoilt: 'request.invalid' };
  if (!dice.chance(98)) return { ...plain, actor: dice.of(history.impostors), impostor: true };
  return plain;
}

/** What is asked before any rule: identity, role, shape, prefix, once only. */
function admission(
  model: Model,
  ledger: HistoryLedger,
  { verb, actor, input, operation, spoilt, impostor }: Attempt,
): string | undefined {
  const agency = model.agency(actor.agencyId);
  if (impostor || !agency.active || actor.keyDigest !== agency.actor.keyDigest) return 'auth.invalid';
  const roles = actor.roles.filter((role) => agency.roles.includes(role));
  if (verb.roles !== 'any' && !verb.roles.some((role) => roles.includes(role))) return 'auth.role';
  if (spoilt) return spoilt;
  const id = verb.clientId ? (input[verb.clientId] as string) : actor.province;
  if (!id.startsWith(actor.province.slice(0, 2))) return 'request.id-invalid';
  return ledger.state.has(`operation~${actor.agencyId}~${operation}`) ? 'operation.applied' : undefined;
}

/** Runs an attempt on ledger and model, compares, and checks the rules. */
async function settle(history: History, model: Model, tried: Attempt, proposal: Proposal, call: Call, outcome: Outcome) {
  const { ledger } = history;
  const { verb, operation } = tried;
  const code = admission(model, ledger, tried);
  const verdict = code ? { refused: code } : verb.judge(model, call);
  const described = `${verb.fn} ${JSON.stringify(call.input)} by ${call.actor.agencyId}`;
  equal(outcome.refused ?? 'accepted', 'refused' in verdict ? verdict.refused : 'accepted', described);
  history.seen(verb.fn, outcome.refused);
  const before = ledger.commit(proposal, outcome);
  if (outcome.refused) return;
  if ('answer' in verdict) partialDeepStrictEqual(outcome.answer, verdict.answer);
  checkAgreement(model, ledger, outcome);
  await checkRules(ledger, { call, fn: verb.fn, operation, outcome, before });
}

const PASSES = [0, 0, 0, 1000, 60_000, HOUR, 6 * HOUR, 26 * HOUR];
/** Peers allow five minutes either way, so times may run backwards between transactions. */
const SKEWS = [0, 0, 0, -240_000, 240_000];

export class Step implements AsyncCommand<Model, History> {
  readonly #numbers: readonly number[];
  #described = '';

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, history: History): Promise<void> {
    const dice = new Dice(this.#numbers);
    const { ledger } = history;
    model.now += dice.of(PASSES);
    const first = this.#attempt(history, model, dice);
    const rival = dice.chance(80) ? undefined : this.#attempt(history, model, dice);
    this.#described = [first, rival]
      .flatMap((one) => (one ? `${one.tried.verb.fn} ${JSON.stringify(one.call.input)}` : []))
      .join(' | ');

    const early = rival && (await ledger.execute(rival.proposal));
    await settle(history, model, first.tried, first.proposal, first.call, await ledger.execute(first.proposal));
    history.last = first.tried;
    if (!rival || !early) return;
    // Simulated before the first was committed: a peer lets it through only when nothing that it read
    // has changed since, and then it must be what it would be now. Otherwise it is tried again.
    const now = await ledger.execute(rival.proposal);
    if (ledger.isFresh(early.simulation)) deepEqual(early, now);
    await settle(history, model, rival.tried, rival.proposal, rival.call, now);
  }

  #attempt(history: History, model: Model, dice: Dice) {
    history.steps += 1;
    const tried = attempt(history, model, dice);
    const transactionId = hash(`transaction ${history.steps}`);
    const call: Call = { actor: tried.actor, input: tried.input, time: model.now + dice.of(SKEWS), transactionId };
    return { tried, call, proposal: history.ledger.proposal(tried.verb.fn, call, tried.operation) };
  }

  toString(): string {
    return this.#described || `step ${this.#numbers.join(',')}`;
  }
}
