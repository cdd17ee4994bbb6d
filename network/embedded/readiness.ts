/** Whether the ledger may go on. The first failure stays until the folder is opened again. */
import { LedgerUnavailable } from '../errors.js';

export class Readiness {
  #reason: string | undefined;
  readonly #log: (message: string) => void;

  constructor(log: (message: string) => void) {
    this.#log = log;
  }

  get reason(): string | undefined {
    return this.#reason;
  }

  fail(reason: string): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#log(reason);
  }

  /** The end that was asked for: nothing to report. */
  end(): void {
    this.#reason ??= 'the ledger is closed';
  }

  /** @throws LedgerUnavailable after a failure */
  check(): void {
    if (this.#reason !== undefined) throw new LedgerUnavailable(this.#reason);
  }
}
