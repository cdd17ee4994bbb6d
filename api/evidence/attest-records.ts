/** A receipt of records, as peers sign them. */
import { ATTESTED_RECORDS_LIMIT, type RecordsQuestion } from '../../chaincode/transactions/ledger/attest-records.js';
import type { Signer } from '../../network/identity/signer.js';
import { canonicalJson } from '../../network/proof/canonical-json.js';
import type { MadeReceipt, Receipts } from './receipts.js';

/**
 * @param keys the first `ATTESTED_RECORDS_LIMIT` of them are asked for
 * @throws Refusal, LedgerUnavailable when too few peers answer, Problem `ledger.unavailable`
 */
export async function attestRecords(receipts: Receipts, signer: Signer, keys: readonly string[]): Promise<MadeReceipt> {
  const question: RecordsQuestion = { keys: keys.slice(0, ATTESTED_RECORDS_LIMIT) };
  return receipts.make({ signer, function: 'ledger:AttestRecords', argument: canonicalJson(question) });
}
