/** The state with the outcomes on top that it has not been given yet. */
import type { Outcome, ReplayedState } from './replay.js';
import type { Version } from './simulation.js';
import type { StateStore } from './state-store.js';

export class PendingOutcomes implements ReplayedState {
  readonly #state: StateStore;
  readonly #ids = new Set<string>();
  /** undefined: deleted */
  readonly #versions = new Map<string, Version | undefined>();

  constructor(state: StateStore) {
    this.#state = state;
  }

  hasTransaction(id: string): boolean {
    return this.#ids.has(id) || this.#state.transaction(id) !== undefined;
  }

  version(key: string): Version | undefined {
    return this.#versions.has(key) ? this.#versions.get(key) : this.#state.get(key)?.version;
  }

  record({ transactions, updates }: Outcome): void {
    for (const { id } of transactions) this.#ids.add(id);
    for (const { key, value, version } of updates) this.#versions.set(key, value && version);
  }

  /** Once the state has them. */
  clear(): void {
    this.#ids.clear();
    this.#versions.clear();
  }
}
