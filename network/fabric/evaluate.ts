/** A query: one's own peer answers, or another province's when it is away or slow. */
import { draftProposal, signProposal } from '../client.js';
import { LedgerUnavailable } from '../errors.js';
import type { Invocation } from '../ledger.js';
import { type Answer, askPeer, type PeerNode } from './answer.js';
import { type CatchUpDeps, catchesUp, patience } from './catch-up.js';
import { choosePeers } from './choose-peers.js';
import type { CollectDeps } from './collect.js';
import { saidBy } from './said.js';

export interface EvaluateDeps extends CollectDeps, CatchUpDeps {
  readonly clock: () => number;
}

/** Asks one after the other, the next one as soon as the one before is in trouble or slow. */
class Asking {
  readonly #order: readonly PeerNode[];
  readonly #hedgeMs: number;
  readonly #ask: (peer: PeerNode) => Promise<Answer>;
  readonly #troubles: Answer[] = [];
  #asked = 0;

  constructor(order: readonly PeerNode[], hedgeMs: number, ask: (peer: PeerNode) => Promise<Answer>) {
    this.#order = order;
    this.#hedgeMs = hedgeMs;
    this.#ask = ask;
  }

  /** The first answer that is of use, or all the troubles. */
  first(): Promise<Answer[]> {
    return new Promise((resolve) => this.#next(resolve));
  }

  #next(resolve: (answers: Answer[]) => void): void {
    const peer = this.#order[this.#asked];
    if (!peer) return;
    this.#asked += 1;
    const late = setTimeout(() => {
      peer.wasSlow();
      this.#next(resolve);
    }, this.#hedgeMs);
    this.#ask(peer).then((answer) => {
      clearTimeout(late);
      // A clock that is off may be that peer's.
      if (answer.kind !== 'trouble' && answer.kind !== 'clock') resolve([answer]);
      else if (this.#troubles.push(answer) === this.#order.length) resolve(this.#troubles);
      else this.#next(resolve);
    });
  }
}

/** @throws Refusal, LedgerUnavailable */
export async function evaluate(deps: EvaluateDeps, invocation: Invocation): Promise<string> {
  const since = deps.horizon.height;
  const order = choosePeers(deps, deps.home, since);
  if (order.length === 0) throw new LedgerUnavailable('no peer can be reached; try again when one is back');
  const draft = draftProposal(invocation, deps.clock());
  const call = { draft, proposal: await signProposal(invocation.signer, draft) };
  const ask = async (peer: PeerNode): Promise<Answer> => {
    // Before it is asked: a height that was told later says nothing of the state that the answer is from.
    const has = await catchesUp(deps, peer, since, patience(deps.answerMs));
    if (!has) return { kind: 'trouble', mspId: peer.mspId, message: 'it has not all that was acknowledged yet' };
    return askPeer(deps, peer, call, deps.answerMs);
  };
  const answers = await new Asking(order, deps.hedgeMs(), ask).first();
  const [answer] = answers as [Answer];
  if (answer.kind === 'endorsed') return Buffer.from(answer.response.payload).toString('utf8');
  if (answer.kind === 'refused') throw answer.refusal;
  if (answer.kind === 'failed') throw new Error(`the contract failed: ${answer.message}`);
  const list = answers.map((each) => `${each.mspId}: ${saidBy(each).said}`).join('; ');
  throw new LedgerUnavailable(`no peer answers (${list}); try again when one is back`);
}
