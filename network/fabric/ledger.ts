/** The ledger port over a Fabric network. */
import { Refusal } from '../../chaincode/errors.js';
import { LedgerUnavailable, OutcomeUnknown } from '../errors.js';
import { toLedgerBlock } from '../format/ledger-block.js';
import type { Committed, Invocation, Ledger, LedgerBlock, LedgerInfo, SignedAnswer, TransactionStatus } from '../ledger.js';
import { attest } from './attest.js';
import type { BlockFeed } from './block-feed.js';
import { evaluate } from './evaluate.js';
import type { NetworkInfo } from './info.js';
import { statements } from './statements.js';
import { type Prepared, type SubmitDeps, submit } from './submit.js';

/** More at once would only wait for one another until their time is over. */
const MAX_SUBMITS = 256;

/** Whether an error tells, or leaves open, what became of the operation and not only of this attempt at it. */
function isOutcome(error: unknown): boolean {
  return error instanceof OutcomeUnknown || (error instanceof Refusal && error.code === 'operation.applied');
}

export interface FabricDeps extends SubmitDeps {
  readonly feed: BlockFeed;
  readonly closed: AbortSignal;
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
    if (this.#deps.closed.aborted) throw new LedgerUnavailable('the ledger is closed');
  }

  async submit(invocation: Invocation, prepared?: Prepared): Promise<Committed> {
    this.#check();
    this.#deps.resolver.check();
    if (this.#submitting >= MAX_SUBMITS)
      throw new LedgerUnavailable(`${MAX_SUBMITS} writes are under way; try again in a few seconds`);
    this.#submitting += 1;
    const earlier = this.#deps.resolver.earlier(invocation);
    try {
      return await submit(this.#deps, invocation, prepared);
    } catch (error) {
      // What refuses this attempt, the time that has passed say, need not keep an earlier one from being ordered.
      throw earlier === undefined || isOutcome(error) ? error : new OutcomeUnknown(earlier);
    } finally {
      this.#submitting -= 1;
    }
  }

  open(agencyId: string, operation: string): string | undefined {
    return this.#deps.resolver.attempt(agencyId, operation);
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
    const status = await this.#deps.lookup.status(transactionId);
    if (status.status === 'valid') this.#deps.horizon.told(status.committed.block);
    return status;
  }

  async statements(number: number): Promise<readonly SignedAnswer[]> {
    this.#check();
    return statements(this.#deps, number);
  }

  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
    const { feed, horizon } = this.#deps;
    for await (const { block, source } of feed.blocks(from, signal)) {
      horizon.has(source.mspId, block.header.number);
      horizon.told(block.header.number);
      yield toLedgerBlock(block);
    }
  }

  async info(): Promise<LedgerInfo> {
    this.#check();
    return this.#deps.info.read();
  }

  close(): Promise<void> {
    return this.#deps.close();
  }
}
