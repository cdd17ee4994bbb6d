/** The ledger port over a Fabric network. */
import { LedgerUnavailable } from '../errors.js';
import { toLedgerBlock } from '../format/ledger-block.js';
import type { Committed, Invocation, Ledger, LedgerBlock, LedgerInfo, SignedAnswer, TransactionStatus } from '../ledger.js';
import { attest } from './attest.js';
import { evaluate } from './evaluate.js';
import { type FollowDeps, followBlocks } from './follow.js';
import type { NetworkInfo } from './info.js';
import { type Prepared, type SubmitDeps, submit } from './submit.js';

/** More at once would only wait for one another until their time is over. */
const MAX_SUBMITS = 256;

export interface FabricDeps extends SubmitDeps {
  readonly follow: FollowDeps;
  readonly info: NetworkInfo;
  readonly close: () => Promise<void>;
}

export class FabricLedger implements Ledger {
  readonly #deps: FabricDeps;
  #submitting = 0;

  constructor(deps: FabricDeps) {
    this.#deps = deps;
  }

  #check(): void {
    if (this.#deps.follow.closed.aborted) throw new LedgerUnavailable('the ledger is closed');
  }

  async submit(invocation: Invocation, prepared?: Prepared): Promise<Committed> {
    this.#check();
    this.#deps.resolver.check();
    if (this.#submitting >= MAX_SUBMITS)
      throw new LedgerUnavailable(`${MAX_SUBMITS} writes are under way; try again in a few seconds`);
    this.#submitting += 1;
    try {
      return await submit(this.#deps, invocation, prepared);
    } finally {
      this.#submitting -= 1;
    }
  }

  async evaluate(invocation: Invocation): Promise<string> {
    this.#check();
    return evaluate(this.#deps, invocation);
  }

  async attest(invocation: Invocation, count: number): Promise<readonly SignedAnswer[]> {
    this.#check();
    return attest(this.#deps, invocation, count);
  }

  async transactionStatus(transactionId: string): Promise<TransactionStatus> {
    this.#check();
    return this.#deps.lookup.status(transactionId);
  }

  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    for await (const { block } of followBlocks(this.#deps.follow, from, signal)) yield toLedgerBlock(block);
  }

  async info(): Promise<LedgerInfo> {
    this.#check();
    return this.#deps.info.read();
  }

  close(): Promise<void> {
    return this.#deps.close();
  }
}
