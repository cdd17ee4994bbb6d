/**
 * Asks peers for one and the same endorsement until enough of them agree byte for byte. One province may
 * lie, lag or be away: an endorsement counts when three say it, a refusal, which nobody signs, when two do.
 */
import { LedgerUnavailable } from '../errors.js';
import { type Answer, type AskDeps, askPeer, type Call, type Endorsed, type PeerNode } from './answer.js';
import type { Deadline } from './deadline.js';
import type { Horizon } from './horizon.js';
import { ENOUGH_TO_REFUSE, endorsedOf, groups, type Objection, objection, readsOf, saidBy } from './said.js';

export interface CollectDeps extends AskDeps {
  /** the MSP id of the operator's own province */
  readonly home: string;
  readonly horizon: Horizon;
  /** how long one peer may take */
  readonly answerMs: number;
  /** after how long another peer is asked as well */
  readonly hedgeMs: () => number;
}

export interface Question {
  readonly call: Call;
  /** the peers that can be reached, the preferred first */
  readonly order: readonly PeerNode[];
  /** so many must say the same */
  readonly needed: number;
  /** how far callers were told when this was asked, as a height: what is said of an older state decides nothing */
  readonly since: number;
  readonly deadline: Deadline;
  /** What makes an agreement good enough. A write endorsed on an older state is found invalid at its commit; an answer is not. */
  readonly agreement: 'any' | 'current';
}

/** The peers stand at different heights, or one of them lies: the same question again may find them agreed. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
  readonly answers: readonly Answer[];
  /** what the caller is told if they never agree; undefined to tell who said what */
  readonly reason: Error | undefined;

  constructor(answers: readonly Answer[], reason: Error | undefined) {
    super('the peers do not agree yet');
    this.answers = answers;
    this.reason = reason;
  }
}

/** One gathering of answers: what came, and whether that decides it. */
class Gathering {
  readonly answers: Answer[] = [];
  readonly #deps: CollectDeps;
  readonly #question: Question;
  readonly #asksHome: boolean;
  /** who was known to have all that callers were told when it was asked; what is learnt later says nothing of its answer */
  readonly #current = new Set<string>();

  constructor(deps: CollectDeps, question: Question) {
    this.#deps = deps;
    this.#question = question;
    this.#asksHome = question.order.some(({ mspId }) => mspId === deps.home);
  }

  /** A peer is asked now. */
  asks(mspId: string): void {
    if (this.#deps.horizon.reaches(mspId, this.#question.since)) this.#current.add(mspId);
  }

  /**
   * Whether those who say the same say it of a state that has all that callers were told. Home's peer was known to, or
   * two others; whoever says the same beside them may have been behind.
   */
  #isCurrent(by: readonly string[]): boolean {
    const current = by.filter((mspId) => this.#current.has(mspId));
    return current.includes(this.#deps.home) || current.length >= Math.min(ENOUGH_TO_REFUSE, this.#question.needed);
  }

  #isOld({ ofState, by }: Objection): boolean {
    return ofState && !this.#isCurrent(by);
  }

  /** The largest group that endorses one result. */
  #largest(): readonly Endorsed[] {
    return groups(endorsedOf(this.answers), ({ payload }) => payload.toString('base64'))[0] ?? [];
  }

  agreed(): readonly Endorsed[] | undefined {
    const { needed, agreement } = this.#question;
    const largest = this.#largest();
    const [one] = largest;
    if (!one || largest.length < needed) return undefined;
    // Whoever has made something else of the same reads tells of the same state.
    const sameState = endorsedOf(this.answers).filter((each) => readsOf(each) === readsOf(one));
    return agreement === 'any' || this.#isCurrent(sameState.map(({ mspId }) => mspId)) ? largest : undefined;
  }

  /** Where home's peer has all that callers were told, nobody objects without it. */
  refusal(): Error | undefined {
    const { home } = this.#deps;
    const found = objection(this.answers);
    if (!found || this.#isOld(found)) return undefined;
    const homeIsAway = !this.#asksHome || this.answers.some(({ mspId, kind }) => mspId === home && kind === 'trouble');
    return homeIsAway || !this.#current.has(home) || found.by.includes(home) ? found.error : undefined;
  }

  /** How many more must be asked for the number that is needed to be possible. */
  missing(asked: number): number {
    const pending = asked - this.answers.length;
    return this.#question.needed - this.#largest().length - pending;
  }

  #said(): string {
    return this.answers.map((answer) => `${answer.mspId}: ${saidBy(answer).said}`).join('; ');
  }

  #behind(): LedgerUnavailable {
    return new LedgerUnavailable(
      `the provinces' peers have not all that was acknowledged yet (${this.#said()}); try again in a moment`,
    );
  }

  /** All have answered and nothing is decided. */
  failure(): Error {
    const { needed } = this.#question;
    const found = objection(this.answers);
    const isOld = this.#largest().length >= needed || (found !== undefined && this.#isOld(found));
    if (isOld) return new Unsettled(this.answers, this.#behind());
    const said = this.answers.filter(({ kind }) => kind !== 'trouble');
    if (said.length >= needed || endorsedOf(this.answers).length > 1) return new Unsettled(this.answers, found?.error);
    return (
      found?.error ?? new LedgerUnavailable(`too few provinces' peers answered (${this.#said()}); try again when they are back`)
    );
  }
}

/** @throws Refusal, LedgerUnavailable, Unsettled */
export function collect(deps: CollectDeps, question: Question): Promise<readonly Endorsed[]> {
  const { call, order, deadline } = question;
  const gathering = new Gathering(deps, question);
  return new Promise((resolve, reject) => {
    let asked = 0;
    let over = false;
    const finish = (end: () => void) => {
      over = true;
      clearTimeout(hedge);
      end();
    };
    const decide = () => {
      const agreed = gathering.agreed();
      if (agreed) return finish(() => resolve(agreed));
      const refusal = gathering.refusal();
      if (refusal) return finish(() => reject(refusal));
      while (gathering.missing(asked) > 0 && asked < order.length) ask();
      if (gathering.answers.length === asked) finish(() => reject(gathering.failure()));
    };
    const ask = () => {
      const peer = order[asked] as PeerNode;
      asked += 1;
      gathering.asks(peer.mspId);
      askPeer(deps, peer, call, Math.min(deps.answerMs, deadline.left), deps.answerMs).then((answer) => {
        if (over) return;
        gathering.answers.push(answer);
        decide();
      });
    };
    const hedge = setTimeout(() => {
      const waiting = order.slice(0, asked).filter(({ mspId }) => !gathering.answers.some((answer) => answer.mspId === mspId));
      for (const peer of waiting) peer.wasSlow();
      while (asked < order.length) ask();
    }, deps.hedgeMs());
    decide();
  });
}
