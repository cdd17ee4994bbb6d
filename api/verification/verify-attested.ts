/**
 * An answer with a receipt. The verdict comes from this API's tables, the receipt from the peers, who may be
 * a block ahead or behind: the two must say the same before anything is sent.
 */
import { Refusal } from '../../chaincode/errors.js';
import type { CertificateQuestion } from '../../chaincode/transactions/certificate/attest-certificate.js';
import type { Answer as SignedAnswer } from '../../network/proof/answer.js';
import type { Deps } from '../deps.js';
import { certificateReceipt } from '../evidence/certificate-receipt.js';
import { Problem } from '../http/problem.js';
import { type Answer, type Question, verify } from './verify.js';

const ATTEMPTS = 5;
const PAUSE_MILLISECONDS = 50;

function attestedVerdict({ result }: SignedAnswer): unknown {
  return (result?.status as { readonly verdict?: unknown } | undefined)?.verdict;
}

/** The peers' receipt; undefined when they do not know the certificate, or say otherwise than this API. */
async function agreeing(deps: Deps, asked: Omit<CertificateQuestion, 'proof'>, verdict: string): Promise<string | undefined> {
  try {
    const { text, answer } = await certificateReceipt(deps, asked);
    return attestedVerdict(answer) === verdict ? text : undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Of the one digest that is asked about; `unknown` proves nothing and comes without a receipt. @throws Problem `ledger.unavailable` while peers and tables differ, or when what peers sign does not hold */
export async function verifyAttested(deps: Deps, question: Question): Promise<Answer> {
  const [digest] = question.digests;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const answer = await verify(deps, question);
    const { shown, verdict, asOf, knownAt } = answer;
    if (shown === undefined || !digest) return answer;
    const { certificateId } = JSON.parse(shown) as { readonly certificateId: string };
    const receipt = await agreeing(deps, { certificateId, digest, asOf, ...(knownAt !== undefined && { knownAt }) }, verdict);
    if (receipt !== undefined) return { ...answer, receipt };
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
  throw new Problem('ledger.unavailable');
}
