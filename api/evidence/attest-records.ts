/** A receipt of records, as peers sign them. */
import { ATTESTED_RECORDS_LIMIT, type RecordsQuestion } from '../../chaincode/transactions/ledger/attest-records.js';
import type { Signer } from '../../network/identity/signer.js';
import type { Ledger } from '../../network/ledger.js';
import { canonicalJson } from '../../network/proof/canonical-json.js';
import { makeReceipt } from '../../network/proof/make-receipt.js';

/** So many provinces' peers sign a receipt: one of the four may be down or lie. */
export const RECEIPT_PROVINCES = 3;

/**
 * @param keys the first `ATTESTED_RECORDS_LIMIT` of them are asked for @returns the receipt's text
 * @throws Refusal, LedgerUnavailable when too few peers answer
 */
export async function attestRecords(ledger: Ledger, signer: Signer, keys: readonly string[]): Promise<string> {
  const question: RecordsQuestion = { keys: keys.slice(0, ATTESTED_RECORDS_LIMIT) };
  const invocation = { signer, function: 'ledger:AttestRecords', argument: canonicalJson(question) };
  return makeReceipt(await ledger.attest(invocation, RECEIPT_PROVINCES));
}
