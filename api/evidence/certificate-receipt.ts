/** The receipt of an answer to `POST /v1/verify`: what the peers say of the certificate, fit for everybody's eyes. */
import type { CertificateQuestion } from '../../chaincode/transactions/certificate/attest-certificate.js';
import { canonicalJson } from '../../network/proof/canonical-json.js';
import { makeReceipt } from '../../network/proof/make-receipt.js';
import type { Deps } from '../deps.js';
import { leafProofOf } from '../verification/leaf-proof.js';
import { askerFor } from './asker.js';
import { RECEIPT_PROVINCES } from './attest-records.js';

/** @throws Refusal, LedgerUnavailable */
export async function certificateReceipt(deps: Deps, asked: Omit<CertificateQuestion, 'proof'>): Promise<string> {
  const proof = await leafProofOf(deps.store, asked.certificateId);
  const question: CertificateQuestion = { ...asked, ...(proof && { proof }) };
  const invocation = {
    signer: await askerFor(deps),
    function: 'ledger:AttestCertificate',
    argument: canonicalJson(question),
  };
  return makeReceipt(await deps.ledger.attest(invocation, RECEIPT_PROVINCES));
}
