/**
 * Finds out what became of envelopes whose outcome is unknown: looks the transaction up, and sends the same
 * bytes again. Absence proves nothing, because an orderer may hold a request and bring it later, so this goes
 * on until the transaction stands in a block, valid or not. It gives up in one case only: three orderers
 * refuse the envelope itself, which happens when its creator's certificate ran out or was revoked; then no
 * quorum would order it. What the caller does meanwhile is safe: the operation's id on the ledger lets only one attempt through.
 */
import { LedgerUnavailable } from '../errors.js';
import type { Invocation } from '../ledger.js';
import { attemptedAs, attemptedBy, attemptedIn } from './attempted.js';
import { BROADCAST_MS, broadcast, type OrdererNode } from './broadcast.js';
import { pause } from './deadline.js';
import type { Lookup } from './lookup.js';
import type { Outbox, OutboxEntry } from './outbox.js';
import type { Log } from './sdk-log.js';

/** So many may be open; until some are settled nothing new is sent. */
const MAX_OPEN = 1000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

export interface ResolverDeps {
  readonly outbox: Outbox;
  readonly lookup: Lookup;
  readonly orderers: readonly OrdererNode[];
  /** so many orderers make a quorum */
  readonly quorum: number;
  readonly log: Log;
  readonly closed: AbortSignal;
}

interface Open {
  readonly attempted: string | undefined;
  readonly run: Promise<void>;
}

export class Resolver {
  readonly #deps: ResolverDeps;
  readonly #open = new Map<string, Open>();

  constructor(deps: ResolverDeps) {
    this.#deps = deps;
  }

  /** how many outcomes are unknown */
  get open(): number {
    return this.#open.size;
  }

  /** @throws LedgerUnavailable when too many outcomes are unknown already */
  check(): void {
    if (this.#open.size >= MAX_OPEN)
      throw new LedgerUnavailable(`the outcome of ${MAX_OPEN} writes is unknown; try again when the network has settled them`);
  }

  /** A transaction that is an earlier attempt at the same operation and may still come. */
  earlier(invocation: Invocation): string | undefined {
    return this.#open.size === 0 ? undefined : this.#attemptAt(attemptedBy(invocation));
  }

  /** The same by name. */
  attempt(agencyId: string, operation: string): string | undefined {
    return this.#attemptAt(attemptedAs(agencyId, operation));
  }

  #attemptAt(attempted: string | undefined): string | undefined {
    if (attempted === undefined) return undefined;
    for (const [transactionId, open] of this.#open) if (open.attempted === attempted) return transactionId;
    return undefined;
  }

  /** Follows an entry up in the background until it is certain or the ledger closes. */
  add(entry: OutboxEntry): void {
    const { transactionId } = entry;
    if (this.#open.has(transactionId)) return;
    const run = this.#resolve(entry).finally(() => this.#open.delete(transactionId));
    this.#open.set(transactionId, { attempted: attemptedIn(entry.envelope), run });
  }

  async #resolve(entry: OutboxEntry): Promise<void> {
    const { closed, log } = this.#deps;
    for (let wait = FIRST_PAUSE_MS; !closed.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        if (await this.#isSettled(entry)) return;
      } catch (error) {
        log(`transaction ${entry.transactionId} is not resolved yet: ${(error as Error).message}`);
      }
      await pause(wait * (0.5 + Math.random() / 2), closed);
    }
  }

  async #isSettled({ transactionId, envelope }: OutboxEntry): Promise<boolean> {
    const { outbox, lookup, orderers, quorum, log, closed } = this.#deps;
    const outcome = await lookup.statusInTurn(transactionId, closed);
    if (!outcome || closed.aborted) return false;
    if (outcome.status === 'pending') {
      const { rejected, complaints } = await broadcast(orderers, envelope, quorum, BROADCAST_MS, log);
      if (rejected < quorum || (await lookup.statusInTurn(transactionId, closed))?.status !== 'pending') return false;
      log(`transaction ${transactionId} is given up: the orderers refuse it for good (${complaints.join('; ')})`);
    }
    await outbox.settle(transactionId);
    return true;
  }

  /** Waits until nothing runs any more; to be called after the ledger closed. */
  async stopped(): Promise<void> {
    await Promise.all([...this.#open.values()].map(({ run }) => run));
  }
}
