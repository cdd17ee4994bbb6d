/** The receipt of an answer to `POST /v1/verify`: what the peers say of the certificate, fit for everybody's eyes. */
import type { CertificateQuestion } from '../../chaincode/transactions/certificate/attest-certificate.js';
import { canonicalJson } from '../../network/proof/canonical-json.js';
import type { Deps } from '../deps.js';
import { leafProofOf } from '../verification/leaf-proof.js';
import { askerFor } from './asker.js';
import type { MadeReceipt } from './receipts.js';

/** @throws Refusal, LedgerUnavailable, Problem `ledger.unavailable` */
export async function certificateReceipt(deps: Deps, asked: Omit<CertificateQuestion, 'proof'>): Promise<MadeReceipt> {
  const proof = await leafProofOf(deps.store, asked.certificateId);
  const question: CertificateQuestion = { ...asked, ...(proof && { proof }) };
  const signer = await askerFor(deps);
  return deps.receipts.make({ signer, function: 'ledger:AttestCertificate', argument: canonicalJson(question) });
}
