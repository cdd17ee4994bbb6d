/**
 * Asks peers what they have: their height, and what became of a transaction. That one is valid, one's own
 * peer may say alone; that it is not, or anything while one's own peer is away, needs two: a single one could lie.
 */
import { CHANNEL } from '../channel.js';
import { draftCall, signProposal } from '../client.js';
import { LedgerUnavailable } from '../errors.js';
import { type Block, dataHash, decodeBlock } from '../format/block.js';
import { decodeHeight, decodeProcessedCode, QUERY_CHAINCODE } from '../format/chain-query.js';
import { toLedgerBlock } from '../format/ledger-block.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import { FormatError } from '../format/wire.js';
import type { Signer } from '../identity/signer.js';
import type { TransactionStatus } from '../ledger.js';
import { type Answer, type AskDeps, askPeer, type PeerNode } from './answer.js';
import { FewAtOnce } from './few-at-once.js';
import type { Horizon } from './horizon.js';

export interface LookupDeps extends AskDeps {
  /** home's first */
  readonly peers: readonly PeerNode[];
  readonly home: string;
  readonly reader: () => Promise<Signer>;
  readonly clock: () => number;
  /** learns what peers say that they have */
  readonly horizon: Horizon;
}

const ANSWER_MS = 5000;
/**
 * Of all writes that wait for their outcome. When the network stands still they are hundreds, and asked about all at once
 * peers would have no time left for the blocks that bring the outcomes.
 */
const LOOKS_AT_ONCE = 8;
const NO_SUCH = 'no such transaction ID';

/** A peer's word: the code, that it has no such transaction, or nothing. */
type Word = { readonly peer: PeerNode; readonly code: number | 'absent' | undefined };
/** What the block of a transaction tells of it. */
interface Told {
  /** the block's, 64 hex */
  readonly hash: string;
  readonly status: Exclude<TransactionStatus, { status: 'pending' }>;
}

export class Lookup {
  readonly #deps: LookupDeps;
  readonly #looks = new FewAtOnce(LOOKS_AT_ONCE);

  constructor(deps: LookupDeps) {
    this.#deps = deps;
  }

  async #ask(peer: PeerNode, ...args: string[]): Promise<Answer> {
    const { reader, clock } = this.#deps;
    const signer = await reader();
    const draft = draftCall(signer, QUERY_CHAINCODE, args, clock());
    const call = { draft, proposal: await signProposal(signer, draft) };
    return askPeer(this.#deps, peer, call, ANSWER_MS);
  }

  /** @throws LedgerUnavailable when the peer gives no answer */
  async #query(peer: PeerNode, ...args: string[]): Promise<Uint8Array | undefined> {
    const answer = await this.#ask(peer, ...args);
    if (answer.kind === 'endorsed') return answer.response.payload;
    const message = answer.kind === 'refused' ? answer.refusal.code : answer.message;
    if (answer.kind === 'failed' && message.includes(NO_SUCH)) return undefined;
    throw new LedgerUnavailable(`the peer of ${peer.mspId} does not tell: ${message}`);
  }

  /** Undefined when the peer does not say. */
  async heightOf(peer: PeerNode): Promise<number | undefined> {
    try {
      const answer = await this.#query(peer, 'GetChainInfo', CHANNEL);
      if (!answer) return undefined;
      const height = decodeHeight(answer);
      this.#deps.horizon.stands(peer.mspId, height);
      return height;
    } catch {
      return undefined;
    }
  }

  /** The signed answer that holds a block. */
  askBlock(peer: PeerNode, number: number): Promise<Answer> {
    return this.#ask(peer, 'GetBlockByNumber', CHANNEL, String(number));
  }

  /** A block as one peer has it; nothing in it is checked. @throws LedgerUnavailable, FormatError */
  async block(peer: PeerNode, number: number): Promise<Block> {
    const answer = await this.#query(peer, 'GetBlockByNumber', CHANNEL, String(number));
    if (!answer) throw new LedgerUnavailable(`the peer of ${peer.mspId} has no block ${number}`);
    return decodeBlock(answer);
  }

  async #word(peer: PeerNode, transactionId: string): Promise<Word> {
    try {
      const answer = await this.#query(peer, 'GetTransactionByID', CHANNEL, transactionId);
      return { peer, code: answer === undefined ? 'absent' : decodeProcessedCode(answer) };
    } catch {
      return { peer, code: undefined };
    }
  }

  /** What its block tells, which holds what its header says. @throws LedgerUnavailable, FormatError */
  async #tellsAt(peer: PeerNode, id: string): Promise<Told> {
    const answer = await this.#query(peer, 'GetBlockByTxID', CHANNEL, id);
    if (answer === undefined) throw new LedgerUnavailable(`the peer of ${peer.mspId} no longer has ${id}`);
    const block = decodeBlock(answer);
    if (!dataHash(block.data).equals(block.header.dataHash))
      throw new FormatError(`block ${block.header.number} of ${peer.mspId} does not hold what its header says`);
    const { number, hash, transactions } = toLedgerBlock(block);
    // Whoever may write to the channel can have an invalid transaction of the same id ordered before it, and that one is indexed.
    const named = transactions.filter((each) => each.id === id);
    const transaction = named.find(({ validationCode }) => validationCode === 'VALID') ?? named[0];
    if (!transaction) throw new FormatError(`block ${number} of ${peer.mspId} does not hold ${id}`);
    this.#deps.horizon.has(peer.mspId, number);
    const { time, validationCode: code, endorsers, payload, position } = transaction;
    if (code !== 'VALID') return { hash, status: { id, status: 'invalid', code, block: number, time } };
    return {
      hash,
      status: { id, status: 'valid', committed: { transactionId: id, block: number, position, time, endorsers, payload } },
    };
  }

  /** What two peers tell alike, in one and the same block. */
  async #agreed(words: readonly Word[], id: string): Promise<TransactionStatus | undefined> {
    const having = words.filter(({ code }) => typeof code === 'number');
    if (having.length < 2) return undefined;
    const told = await Promise.all(having.map(({ peer }) => this.#tellsAt(peer, id).catch(() => undefined)));
    const saying = told.map((each) => each && JSON.stringify(each));
    return told.find((each, index) => each && saying.indexOf(saying[index]) !== index)?.status;
  }

  /** @throws LedgerUnavailable when no peer can be asked */
  async status(id: string): Promise<TransactionStatus> {
    const up = this.#deps.peers.filter((peer) => peer.isUp);
    if (up.length === 0) throw new LedgerUnavailable('no peer can be reached; try again when one is back');
    const home = up.find(({ mspId }) => mspId === this.#deps.home);
    const first = home && (await this.#word(home, id));
    if (home && first?.code === VALIDATION_CODE.VALID) {
      const told = await this.#tellsAt(home, id).catch(() => undefined);
      if (told?.status.status === 'valid') return told.status;
    }
    const others = await Promise.all(up.filter((peer) => peer !== home).map((peer) => this.#word(peer, id)));
    const words = first ? [first, ...others] : others;
    const agreed = await this.#agreed(words, id);
    if (agreed) return agreed;
    if (words.every(({ code }) => code === undefined))
      throw new LedgerUnavailable('no peer tells what became of the transaction; try again');
    return { id, status: 'pending' };
  }

  /**
   * The same for those who look again and again.
   * @param done whether nobody waits for it any more when its turn comes
   * @returns undefined when nobody does
   * @throws LedgerUnavailable
   */
  statusInTurn(id: string, done: AbortSignal): Promise<TransactionStatus | undefined> {
    return this.#looks.run(async () => (done.aborted ? undefined : this.status(id)));
  }
}
