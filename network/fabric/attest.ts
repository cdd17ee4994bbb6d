/** Signed answers of several provinces to one query. A peer that is behind is waited for, or another takes its place. */
import { draftProposal, signProposal } from '../client.js';
import { LedgerUnavailable, ProvincesDisagree } from '../errors.js';
import type { Invocation, SignedAnswer } from '../ledger.js';
import type { Call, Endorsed } from './answer.js';
import { type CatchUpDeps, enoughCatchUp, patience } from './catch-up.js';
import { choosePeers } from './choose-peers.js';
import { collect, Unsettled } from './collect.js';
import { Deadline, jitter, pause } from './deadline.js';
import type { EvaluateDeps } from './evaluate.js';
import { disagreement, saidBy } from './said.js';

export interface AttestDeps extends EvaluateDeps, CatchUpDeps {}

function asSigned({ mspId, certificate, payload, endorser, signature }: Endorsed): SignedAnswer {
  return { mspId, certificate, payload, endorser, signature };
}

interface Asked {
  readonly call: Call;
  readonly own: string;
  readonly count: number;
  readonly since: number;
}

async function ask(deps: AttestDeps, { call, own, count: needed, since }: Asked): Promise<readonly Endorsed[]> {
  const order = choosePeers(deps, own, since);
  if (order.length < needed)
    throw new LedgerUnavailable(`${needed} provinces' answers were asked for, ${order.length} can be reached; try again later`);
  const deadline = new Deadline(deps.answerMs);
  return (await collect(deps, { call, order, needed, since, deadline, agreement: 'current' })).slice(0, needed);
}

/**
 * Answers from a state that has all that callers were told before.
 * @throws Refusal, LedgerUnavailable, ProvincesDisagree with who said what
 */
export async function attest(deps: AttestDeps, invocation: Invocation, count: number): Promise<readonly SignedAnswer[]> {
  if (count < 1 || count > deps.peers.length)
    throw new LedgerUnavailable(`${count} provinces were asked for, there are ${deps.peers.length}`);
  const since = deps.horizon.height;
  const draft = draftProposal(invocation, deps.clock());
  const call = { draft, proposal: await signProposal(invocation.signer, draft) };
  const deadline = patience(Number.POSITIVE_INFINITY);
  for (let number = 1; ; number += 1) {
    try {
      return (await ask(deps, { call, own: invocation.signer.mspId, count, since })).map(asSigned);
    } catch (error) {
      if (!(error instanceof Unsettled)) throw error;
      const { answers, reason } = error;
      const torn = disagreement('a query', answers);
      const wait = jitter(Math.min(number, 3));
      if (torn || wait >= deadline.left) throw torn ?? reason ?? new ProvincesDisagree('a query', answers.map(saidBy));
      await pause(wait);
      await enoughCatchUp(deps, count, since, deadline);
    }
  }
}
