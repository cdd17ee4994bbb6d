/** What became of one attempt at a write, told apart by what may be said and done about it. */
import { Refusal } from '../../chaincode/errors.js';
import { OutcomeUnknown } from '../../network/errors.js';
import type { Committed } from '../../network/ledger.js';

export type Outcome =
  | { readonly kind: 'committed'; readonly committed: Committed }
  /** the contract refused: nothing was written, and the same request will be refused again */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** an earlier attempt at the same operation was applied, in this transaction */
  | { readonly kind: 'applied'; readonly transactionId: string }
  /** it may or may not be committed */
  | { readonly kind: 'unknown'; readonly transactionId: string }
  /** nothing was written; the same request may succeed later */
  | { readonly kind: 'failed'; readonly error: unknown };

export async function outcomeOf(attempt: Promise<Committed>): Promise<Outcome> {
  try {
    return { kind: 'committed', committed: await attempt };
  } catch (error) {
    if (error instanceof OutcomeUnknown) return { kind: 'unknown', transactionId: error.transactionId };
    const refusal = error instanceof Refusal ? error : undefined;
    if (!refusal) return { kind: 'failed', error };
    const { transaction } = refusal.facts;
    if (refusal.code === 'operation.applied' && transaction !== undefined) return { kind: 'applied', transactionId: transaction };
    return { kind: 'refused', refusal };
  }
}
