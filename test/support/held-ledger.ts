/** A ledger whose submissions a test lets through, holds back, or fails. */
import type { Committed, Invocation, Ledger } from '../../network/ledger.js';

export type Submit = (real: Ledger, invocation: Invocation, prepared?: (id: string) => void) => Promise<Committed>;

export const letThrough: Submit = (real, invocation, prepared) => real.submit(invocation, prepared);

export class HeldLedger {
  submit: Submit = letThrough;
  /** functions that were submitted, in their order */
  readonly submitted: string[] = [];
  #release = () => {};

  /** Everything that is submitted from now on waits for `release`. */
  hold(): void {
    const gate = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.submit = async (real, invocation, prepared) => {
      await gate;
      return real.submit(invocation, prepared);
    };
  }

  release(): void {
    this.submit = letThrough;
    this.#release();
  }

  readonly between = (ledger: Ledger): Ledger => ({
    submit: (invocation, prepared) => {
      this.submitted.push(invocation.function);
      return this.submit(ledger, invocation, prepared);
    },
    evaluate: (invocation) => ledger.evaluate(invocation),
    attest: (invocation, count) => ledger.attest(invocation, count),
    statements: (number) => ledger.statements(number),
    transactionStatus: (id) => ledger.transactionStatus(id),
    blocks: (from, signal) => ledger.blocks(from, signal),
    info: () => ledger.info(),
    close: () => ledger.close(),
  });
}
