/** The embedded ledger's peers sign which block stands at a number, in the bytes that a network's peers sign. */
import { CHANNEL } from '../channel.js';
import { draftCall } from '../client.js';
import { QUERY_CHAINCODE } from '../format/chain-query.js';
import { proposalHash } from '../format/proposal.js';
import { encodeResponsePayload } from '../format/response.js';
import type { NetworkNode } from '../identity/province.js';
import type { SignedAnswer } from '../ledger.js';
import { endorse } from './endorser.js';

export interface StatementDeps {
  readonly peers: readonly NetworkNode[];
  readonly clock: () => number;
}

export function statements({ peers, clock }: StatementDeps, number: number, block: Uint8Array): Promise<SignedAnswer[]> {
  return Promise.all(
    peers.map(async (peer) => {
      const { parts } = draftCall(peer, QUERY_CHAINCODE, ['GetBlockByNumber', CHANNEL, String(number)], clock());
      const chaincode = { name: QUERY_CHAINCODE, version: '' };
      const answer = { proposalHash: proposalHash(parts), chaincode, status: 200, payload: block, reads: [], writes: [] };
      const payload = encodeResponsePayload(answer);
      const { endorser, signature } = await endorse(peer, payload);
      return { mspId: peer.mspId, certificate: peer.certificate, payload, endorser, signature };
    }),
  );
}
