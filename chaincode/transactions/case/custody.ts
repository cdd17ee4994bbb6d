/**
 * Papers on their way 材料流转, one consignment of a case at a time:
 *
 *   (nothing) ──▶ received ──▶ sealed ──▶ dispatched ──▶ delivered
 *
 * A window receives papers from the applicant, seals and dispatches them. What was dispatched is
 * delivered, does not match, or comes back. What was delivered may turn out not to match once it is
 * opened, may be sealed to be sent on, or go back. Papers can go back from every stage, and after their
 * return or delivery the next ones may be received.
 */
import { ensure } from '../../runtime/tx.js';

export const CUSTODY_EVENTS = ['received', 'sealed', 'dispatched', 'delivered', 'mismatch', 'returned'] as const;
export type CustodyEvent = (typeof CUSTODY_EVENTS)[number];

const NEXT: Readonly<Record<CustodyEvent | 'none', readonly CustodyEvent[]>> = {
  none: ['received'],
  received: ['sealed', 'returned'],
  sealed: ['dispatched', 'returned'],
  dispatched: ['delivered', 'mismatch', 'returned'],
  delivered: ['mismatch', 'sealed', 'returned', 'received'],
  mismatch: ['sealed', 'returned'],
  returned: ['received', 'sealed'],
};

/** @throws Refusal `case.state` with the last event (or `none`) when the next cannot follow it */
export function ensureCustodyOrder(last: CustodyEvent | undefined, next: CustodyEvent): void {
  const from = last ?? 'none';
  ensure(NEXT[from].includes(next), 'case.state', { state: from });
}
