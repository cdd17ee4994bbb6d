/** Which contracts a peer's chaincode says it is: the digest that its build has compiled in. */
import { draftProposal, signProposal } from '../client.js';
import type { Signer } from '../identity/signer.js';
import { type AskDeps, askPeer, type PeerNode } from './answer.js';

const ANSWER_MS = 3000;

/** 64 hex; undefined when it gives no signed answer. Never throws for what a peer does. */
export async function codeDigestAt(deps: AskDeps, peer: PeerNode, signer: Signer, now: number): Promise<string | undefined> {
  const draft = draftProposal({ signer, function: 'ledger:GetCodeInfo', argument: '' }, now);
  const call = { draft, proposal: await signProposal(signer, draft) };
  const answer = await askPeer(deps, peer, call, ANSWER_MS);
  if (answer.kind !== 'endorsed') return undefined;
  const { codeDigest } = JSON.parse(Buffer.from(answer.response.payload).toString('utf8')) as { codeDigest?: string };
  return codeDigest;
}
