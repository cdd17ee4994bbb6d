/**
 * The design's rules as checks of one committed transaction. They look at the ledger alone, not at the
 * model, so that a fault that both share would still be found. Rule 13 is the API's.
 */
import type { Committed, HistoryLedger } from '../ledger.js';
import { CASE_RULES } from './case-rules.js';
import { checked } from './checked.js';
import { PERMISSION_RULES } from './permission-rules.js';
import { RECORD_RULES, rule12 } from './record-rules.js';

const RULES = [...CASE_RULES, ...PERMISSION_RULES, ...RECORD_RULES];

/** @throws AssertionError of the first rule that the transaction breaks */
export async function checkRules(ledger: HistoryLedger, committed: Committed): Promise<void> {
  const step = checked(ledger, committed);
  for (const rule of RULES) rule(step);
  await rule12(step);
}
