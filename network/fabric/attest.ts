/** Signed answers of several provinces to one query. A peer that is behind is waited for, or another takes its place. */
import { draftProposal, signProposal } from '../client.js';
import { LedgerUnavailable, ProvincesDisagree } from '../errors.js';
import type { Invocation, SignedAnswer } from '../ledger.js';
import type { Call, Endorsed } from './answer.js';
import { choosePeers } from './choose-peers.js';
import { collect, disagreement, objection, saidBy, Unsettled } from './collect.js';
import { Deadline, jitter, pause } from './deadline.js';
import type { EvaluateDeps } from './evaluate.js';

/** A peer is behind by a block for moments; one that stays behind for so long has another trouble. */
const PATIENCE_MS = 5000;

function asSigned({ mspId, certificate, payload, endorser, signature }: Endorsed): SignedAnswer {
  return { mspId, certificate, payload, endorser, signature };
}

async function ask(deps: EvaluateDeps, invocation: Invocation, call: Call, count: number): Promise<Endorsed[]> {
  const order = choosePeers(deps.peers, { own: invocation.signer.mspId, home: deps.home });
  if (order.length < count)
    throw new LedgerUnavailable(`${count} provinces' answers were asked for, ${order.length} can be reached; try again later`);
  return (await collect(deps, order, count, call, new Deadline(deps.answerMs))).slice(0, count);
}

function finalError({ answers }: Unsettled): Error {
  return objection(answers)?.error ?? new ProvincesDisagree('a query', answers.map(saidBy));
}

/** @throws Refusal, LedgerUnavailable, ProvincesDisagree with who said what */
export async function attest(deps: EvaluateDeps, invocation: Invocation, count: number): Promise<readonly SignedAnswer[]> {
  if (count < 1 || count > deps.peers.length)
    throw new LedgerUnavailable(`${count} provinces were asked for, there are ${deps.peers.length}`);
  const draft = draftProposal(invocation, deps.clock());
  const call = { draft, proposal: await signProposal(invocation.signer, draft) };
  const deadline = new Deadline(PATIENCE_MS);
  for (let number = 1; ; number += 1) {
    try {
      return (await ask(deps, invocation, call, count)).map(asSigned);
    } catch (error) {
      if (!(error instanceof Unsettled)) throw error;
      const torn = disagreement('a query', error.answers);
      const wait = jitter(Math.min(number, 3));
      if (torn || wait >= deadline.left) throw torn ?? finalError(error);
      await pause(wait);
    }
  }
}
