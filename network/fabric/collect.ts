/**
 * Asks peers for one and the same endorsement until enough of them agree byte for byte. One province may
 * lie, lag or be away: an endorsement counts when three say it, a refusal, which nobody signs, when two do.
 */
import { createHash } from 'node:crypto';
import { LedgerUnavailable, ProvincesDisagree, type Said } from '../errors.js';
import { type Answer, type AskDeps, askPeer, type Call, type Endorsed, type PeerNode } from './answer.js';
import type { Deadline } from './deadline.js';

export interface CollectDeps extends AskDeps {
  /** the MSP id of the operator's own province */
  readonly home: string;
  /** how long one peer may take */
  readonly answerMs: number;
  /** after how long another peer is asked as well */
  readonly hedgeMs: () => number;
}

/** The peers stand at different heights, or one of them lies: the same question again may find them agreed. */
export class Unsettled extends Error {
  override readonly name = 'Unsettled';
  readonly answers: readonly Answer[];

  constructor(answers: readonly Answer[]) {
    super('the peers do not agree yet');
    this.answers = answers;
  }
}

export function saidBy(answer: Answer): Said {
  const { mspId } = answer;
  if (answer.kind === 'endorsed') return { mspId, said: createHash('sha256').update(answer.payload).digest('hex') };
  return { mspId, said: answer.kind === 'refused' ? `refused with ${answer.refusal.code}` : answer.message };
}

/** Answers that say the same, the largest group first. */
export function groups<A extends Answer>(answers: readonly A[], said: (answer: A) => string): A[][] {
  const table = new Map<string, A[]>();
  for (const answer of answers) table.set(said(answer), [...(table.get(said(answer)) ?? []), answer]);
  return [...table.values()].sort((left, right) => right.length - left.length);
}

export function endorsedOf(answers: readonly Answer[]): Endorsed[] {
  return answers.filter((answer) => answer.kind === 'endorsed');
}

const ENOUGH_TO_REFUSE = 2;

function clockFault(message: string): LedgerUnavailable {
  return new LedgerUnavailable(
    `the peers refuse this machine's time: set its clock by NTP, and compare it with the peers' if it is right (${message})`,
  );
}

/** What two provinces say against the proposal; undefined while there is nothing of the kind. */
export function objection(answers: readonly Answer[]): { readonly error: Error; readonly by: readonly string[] } | undefined {
  const refused = groups(
    answers.filter((answer) => answer.kind === 'refused'),
    ({ refusal }) => refusal.message,
  )[0];
  const failed = answers.filter((answer) => answer.kind === 'failed');
  const clock = answers.filter((answer) => answer.kind === 'clock');
  const found = [refused ?? [], failed, clock].find((group) => group.length >= ENOUGH_TO_REFUSE);
  const [first] = found ?? [];
  if (!found || !first) return undefined;
  const by = found.map(({ mspId }) => mspId);
  if (first.kind === 'refused') return { error: first.refusal, by };
  if (first.kind === 'clock') return { error: clockFault(first.message), by };
  return { error: new Error(`the contract failed: ${(first as { message: string }).message}`), by };
}

/** Equal reads must give equal results: where they do not, code differs or somebody lies. */
export function disagreement(question: string, answers: readonly Answer[]): ProvincesDisagree | undefined {
  const byReads = groups(endorsedOf(answers), ({ response }) => JSON.stringify(response.reads));
  const torn = byReads.some((group) => groups(group, ({ payload }) => payload.toString('base64')).length > 1);
  return torn ? new ProvincesDisagree(question, answers.map(saidBy)) : undefined;
}

/** One gathering of answers: who was asked, what came, and whether that decides it. */
class Gathering {
  readonly answers: Answer[] = [];
  readonly #deps: CollectDeps;
  readonly #needed: number;
  readonly #asksHome: boolean;

  constructor(deps: CollectDeps, order: readonly PeerNode[], needed: number) {
    this.#deps = deps;
    this.#needed = needed;
    this.#asksHome = order.some(({ mspId }) => mspId === deps.home);
  }

  agreed(): Endorsed[] | undefined {
    const [largest] = groups(endorsedOf(this.answers), ({ payload }) => payload.toString('base64'));
    return largest && largest.length >= this.#needed ? largest : undefined;
  }

  /** Home has all that this process was told, so its objection with another's is no matter of lag. */
  refusal(): Error | undefined {
    const found = objection(this.answers);
    const homeIsAway = !this.#asksHome || this.answers.some(({ mspId, kind }) => mspId === this.#deps.home && kind === 'trouble');
    return found && (homeIsAway || found.by.includes(this.#deps.home)) ? found.error : undefined;
  }

  /** How many more must be asked for the number that is needed to be possible. */
  missing(asked: number): number {
    const pending = asked - this.answers.length;
    const largest = groups(endorsedOf(this.answers), ({ payload }) => payload.toString('base64'))[0]?.length ?? 0;
    return this.#needed - largest - pending;
  }

  /** All have answered and nothing is decided. */
  failure(): Error {
    const said = this.answers.filter(({ kind }) => kind !== 'trouble');
    if (said.length >= this.#needed || endorsedOf(this.answers).length > 1) return new Unsettled(this.answers);
    const found = objection(this.answers);
    const list = this.answers.map((answer) => `${answer.mspId}: ${saidBy(answer).said}`).join('; ');
    return found?.error ?? new LedgerUnavailable(`too few provinces' peers answered (${list}); try again when they are back`);
  }
}

/**
 * @param order the peers that can be reached, the preferred first
 * @param needed so many must say the same
 * @throws Refusal, LedgerUnavailable, Unsettled
 */
export function collect(
  deps: CollectDeps,
  order: readonly PeerNode[],
  needed: number,
  call: Call,
  deadline: Deadline,
): Promise<Endorsed[]> {
  const gathering = new Gathering(deps, order, needed);
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
      askPeer(deps, peer, call, Math.min(deps.answerMs, deadline.left)).then((answer) => {
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
