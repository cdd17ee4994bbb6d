/** A receipt out of the answers that peers signed. */
import type { SignedAnswer } from '../ledger.js';
import { receiptText } from './receipt.js';

/** @param answers byte-equal, as `Ledger.attest` gives them @returns the receipt's text, canonical JSON */
export function makeReceipt(answers: readonly SignedAnswer[]): string {
  const [first] = answers;
  if (!first) throw new Error('a receipt needs at least one answer');
  return receiptText({ payload: first.payload, signatures: answers });
}
