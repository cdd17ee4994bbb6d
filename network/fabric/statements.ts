/** What each province's peer says, and signs, to be the block at a number. */
import { LedgerUnavailable } from '../errors.js';
import type { SignedAnswer } from '../ledger.js';
import type { Answer, PeerNode } from './answer.js';
import { Deadline, pause } from './deadline.js';
import type { Lookup } from './lookup.js';

export interface StatementDeps {
  readonly peers: readonly PeerNode[];
  readonly lookup: Lookup;
}

/** Peers that can be reached are within a block of one another in moments. */
const PATIENCE_MS = 2000;
const AGAIN_MS = 50;

async function statementOf({ lookup }: StatementDeps, peer: PeerNode, number: number): Promise<SignedAnswer[]> {
  const patience = new Deadline(PATIENCE_MS);
  for (;;) {
    const answer: Answer = await lookup.askBlock(peer, number);
    if (answer.kind === 'endorsed') {
      const { mspId, certificate, payload, endorser, signature } = answer;
      return [{ mspId, certificate, payload, endorser, signature }];
    }
    if (answer.kind === 'trouble' || patience.isOver) return [];
    await pause(AGAIN_MS);
  }
}

/** Of every province that can be reached, as it has it: they may say different things. @throws LedgerUnavailable when none answers */
export async function statements(deps: StatementDeps, number: number): Promise<readonly SignedAnswer[]> {
  const up = deps.peers.filter((peer) => peer.isUp);
  const answers = (await Promise.all(up.map((peer) => statementOf(deps, peer, number)))).flat();
  if (answers.length === 0) throw new LedgerUnavailable(`no peer tells block ${number}; try again when one is back`);
  return answers;
}
