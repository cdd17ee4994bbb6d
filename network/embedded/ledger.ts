/** The ledger port over the embedded ledger: client, peers and orderers of one operator in one process. */
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { PROVINCES } from '../../chaincode/provinces.js';
import { formatInstant } from '../../chaincode/time.js';
import { CHANNEL, ENDORSEMENTS_REQUIRED } from '../channel.js';
import { type Draft, draftProposal, signEnvelope, signProposal } from '../client.js';
import { LedgerConflict, LedgerUnavailable, TransactionInvalid } from '../errors.js';
import { VALIDATION_CODE, validationCodeName } from '../format/validation-code.js';
import type { NetworkNode } from '../identity/province.js';
import type { Committed, Invocation, Ledger, LedgerBlock, LedgerInfo, SignedAnswer, TransactionStatus } from '../ledger.js';
import type { Committer } from './committer.js';
import { type EndorserDeps, type Execution, endorse, executeProposal } from './endorser.js';
import { type FollowDeps, followBlocks, readBlock, readBlockBytes } from './follow.js';
import type { Readiness } from './readiness.js';
import { statements } from './statements.js';

/** The first try and five more. */
const ATTEMPTS = 6;
const BACKOFF_MS = 4;

export interface EmbeddedDeps {
  readonly endorser: EndorserDeps;
  /** one for each province, in the order of the table */
  readonly peers: readonly NetworkNode[];
  /** PEM of each member's root certificate, by MSP id */
  readonly roots: ReadonlyMap<string, string>;
  readonly committer: Committer;
  readonly follow: FollowDeps;
  readonly readiness: Readiness;
  readonly clock: () => number;
  readonly close: () => Promise<void>;
}

/** The province's own peer first, then the others in the order of the table. */
function chosenPeers(peers: readonly NetworkNode[], ownMspId: string, count: number): NetworkNode[] {
  const own = peers.filter(({ mspId }) => mspId === ownMspId);
  const others = peers.filter(({ mspId }) => mspId !== ownMspId);
  return [...own, ...others].slice(0, count);
}

function inTableOrder(peers: readonly NetworkNode[]): string[] {
  return PROVINCES.map(({ mspId }) => mspId).filter((mspId) => peers.some((peer) => peer.mspId === mspId));
}

/** Full jitter, growing with each try: rivals for one key part ways. */
function pause(attempt: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * BACKOFF_MS * 2 ** attempt));
}

export class EmbeddedLedger implements Ledger {
  readonly #deps: EmbeddedDeps;

  constructor(deps: EmbeddedDeps) {
    this.#deps = deps;
  }

  async #execute(
    invocation: Invocation,
    prepared?: (transactionId: string) => void,
  ): Promise<{ draft: Draft; execution: Execution }> {
    this.#deps.readiness.check();
    const draft = draftProposal(invocation, this.#deps.clock());
    prepared?.(draft.transactionId);
    const proposal = await signProposal(invocation.signer, draft);
    try {
      return { draft, execution: await executeProposal(this.#deps.endorser, proposal) };
    } catch (error) {
      // A ledger that stopped meanwhile is the reason; what the contract made of it is not.
      this.#deps.readiness.check();
      throw error;
    }
  }

  async submit(invocation: Invocation, prepared?: (transactionId: string) => void): Promise<Committed> {
    const peers = chosenPeers(this.#deps.peers, invocation.signer.mspId, ENDORSEMENTS_REQUIRED);
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const { draft, execution } = await this.#execute(invocation, prepared);
      const endorsements = await Promise.all(peers.map((peer) => endorse(peer, execution.payload)));
      const envelope = await signEnvelope(invocation.signer, draft, execution.payload, endorsements);
      const { block, position, code } = await this.#deps.committer.broadcast(envelope);
      if (code === VALIDATION_CODE.VALID)
        return {
          transactionId: draft.transactionId,
          block,
          position,
          time: formatInstant(draft.timestamp),
          endorsers: inTableOrder(peers),
          payload: Buffer.from(execution.answer).toString('utf8'),
        };
      if (code !== VALIDATION_CODE.MVCC_READ_CONFLICT)
        throw new TransactionInvalid(draft.transactionId, validationCodeName(code));
      if (attempt < ATTEMPTS) await pause(attempt);
    }
    throw new LedgerConflict(`the state moved under the transaction ${ATTEMPTS} times`);
  }

  async evaluate(invocation: Invocation): Promise<string> {
    const { execution } = await this.#execute(invocation);
    return Buffer.from(execution.answer).toString('utf8');
  }

  async attest(invocation: Invocation, count: number): Promise<readonly SignedAnswer[]> {
    const peers = chosenPeers(this.#deps.peers, invocation.signer.mspId, count);
    if (count < 1 || peers.length < count)
      throw new LedgerUnavailable(`${count} provinces were asked for, there are ${PROVINCES.length}`);
    const { payload } = (await this.#execute(invocation)).execution;
    return Promise.all(
      peers.map(async (peer) => {
        const { endorser, signature } = await endorse(peer, payload);
        return { mspId: peer.mspId, certificate: peer.certificate, payload, endorser, signature };
      }),
    );
  }

  async transactionStatus(transactionId: string): Promise<TransactionStatus> {
    this.#deps.readiness.check();
    const place = this.#deps.follow.state.transaction(transactionId);
    if (!place) return { id: transactionId, status: 'pending' };
    const block = await readBlock(this.#deps.follow, place.block);
    const transaction = block.transactions[place.position];
    if (transaction?.id !== transactionId) throw new LedgerUnavailable(`block ${place.block} does not hold ${transactionId}`);
    const { time, validationCode: code, endorsers, payload, position } = transaction;
    if (code !== 'VALID') return { id: transactionId, status: 'invalid', code, block: place.block, time };
    const committed = { transactionId, block: place.block, position, time, endorsers, payload };
    return { id: transactionId, status: 'valid', committed };
  }

  async statements(number: number): Promise<readonly SignedAnswer[]> {
    this.#deps.readiness.check();
    return statements(this.#deps, number, await readBlockBytes(this.#deps.follow, number));
  }

  blocks(from: number, signal: AbortSignal): AsyncIterable<LedgerBlock> {
    return followBlocks(this.#deps.follow, from, signal);
  }

  async info(): Promise<LedgerInfo> {
    const { height } = this.#deps.committer.head;
    const reachable = this.#deps.readiness.reason === undefined;
    const provinces = PROVINCES.map(({ code, mspId }) => {
      const root = this.#deps.roots.get(mspId);
      return { code, mspId, roots: root === undefined ? [] : [root], reachable, height, codeDigest: CODE_DIGEST };
    });
    return { kind: 'embedded', assurance: 'single-operator', channel: CHANNEL, height, codeDigest: CODE_DIGEST, provinces };
  }

  close(): Promise<void> {
    return this.#deps.close();
  }
}
