/**
 * Asks peers what they have: their height, and what became of a transaction. That one is valid, one's own
 * peer may say alone; that it is not, or anything while one's own peer is away, needs two: a single one could lie.
 */
import { CHANNEL } from '../channel.js';
import { draftCall, signProposal } from '../client.js';
import { LedgerUnavailable } from '../errors.js';
import { decodeBlock } from '../format/block.js';
import { decodeHeight, decodeProcessedCode, QUERY_CHAINCODE } from '../format/chain-query.js';
import { toLedgerBlock } from '../format/ledger-block.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { Signer } from '../identity/signer.js';
import type { TransactionStatus } from '../ledger.js';
import { type AskDeps, askPeer, type PeerNode } from './answer.js';

export interface LookupDeps extends AskDeps {
  /** home's first */
  readonly peers: readonly PeerNode[];
  readonly home: string;
  readonly reader: () => Promise<Signer>;
  readonly clock: () => number;
}

const ANSWER_MS = 5000;
const NO_SUCH = 'no such transaction ID';

/** A peer's word: the code, that it has no such transaction, or nothing. */
type Word = { readonly peer: PeerNode; readonly code: number | 'absent' | undefined };

export class Lookup {
  readonly #deps: LookupDeps;

  constructor(deps: LookupDeps) {
    this.#deps = deps;
  }

  /** @throws LedgerUnavailable when the peer gives no answer */
  async #query(peer: PeerNode, ...args: string[]): Promise<Uint8Array | undefined> {
    const { reader, clock } = this.#deps;
    const signer = await reader();
    const draft = draftCall(signer, QUERY_CHAINCODE, args, clock());
    const call = { draft, proposal: await signProposal(signer, draft) };
    const answer = await askPeer(this.#deps, peer, call, ANSWER_MS);
    if (answer.kind === 'endorsed') return answer.response.payload;
    const message = answer.kind === 'refused' ? answer.refusal.code : answer.message;
    if (answer.kind === 'failed' && message.includes(NO_SUCH)) return undefined;
    throw new LedgerUnavailable(`the peer of ${peer.mspId} does not tell: ${message}`);
  }

  /** Undefined when the peer does not say. */
  async heightOf(peer: PeerNode): Promise<number | undefined> {
    try {
      const answer = await this.#query(peer, 'GetChainInfo', CHANNEL);
      return answer && decodeHeight(answer);
    } catch {
      return undefined;
    }
  }

  async #word(peer: PeerNode, transactionId: string): Promise<Word> {
    try {
      const answer = await this.#query(peer, 'GetTransactionByID', CHANNEL, transactionId);
      return { peer, code: answer === undefined ? 'absent' : decodeProcessedCode(answer) };
    } catch {
      return { peer, code: undefined };
    }
  }

  async #statusAt(peer: PeerNode, id: string): Promise<TransactionStatus> {
    const answer = await this.#query(peer, 'GetBlockByTxID', CHANNEL, id);
    if (answer === undefined) return { id, status: 'pending' };
    const block = toLedgerBlock(decodeBlock(answer));
    const transaction = block.transactions.find((each) => each.id === id);
    if (!transaction) throw new LedgerUnavailable(`block ${block.number} of ${peer.mspId} does not hold ${id}`);
    const { time, validationCode: code, endorsers, payload, position } = transaction;
    if (code !== 'VALID') return { id, status: 'invalid', code, block: block.number, time };
    return { id, status: 'valid', committed: { transactionId: id, block: block.number, position, time, endorsers, payload } };
  }

  /** Two peers that say the same code. */
  #agreed(words: readonly Word[]): PeerNode | undefined {
    for (const { code, peer } of words)
      if (typeof code === 'number' && words.filter((other) => other.code === code).length > 1) return peer;
    return undefined;
  }

  /** @throws LedgerUnavailable when no peer can be asked */
  async status(id: string): Promise<TransactionStatus> {
    const up = this.#deps.peers.filter((peer) => peer.isUp);
    if (up.length === 0) throw new LedgerUnavailable('no peer can be reached; try again when one is back');
    const home = up.find(({ mspId }) => mspId === this.#deps.home);
    const first = home && (await this.#word(home, id));
    if (home && first?.code === VALIDATION_CODE.VALID) return this.#statusAt(home, id);
    const others = await Promise.all(up.filter((peer) => peer !== home).map((peer) => this.#word(peer, id)));
    const words = first ? [first, ...others] : others;
    const witness = this.#agreed(words);
    if (witness) return this.#statusAt(witness, id);
    if (words.every(({ code }) => code === undefined))
      throw new LedgerUnavailable('no peer tells what became of the transaction; try again');
    return { id, status: 'pending' };
  }
}
