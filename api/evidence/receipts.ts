/**
 * Receipts as this API gives them out: peers are asked, and what they signed is judged, once, by the verifier that everybody
 * else has. A peer whose key or certificate is not what outsiders pin is found here, and not by whoever kept its receipt.
 */
import type { Invocation, Ledger, LedgerInfo } from '../../network/ledger.js';
import type { Answer } from '../../network/proof/answer.js';
import { makeReceipt } from '../../network/proof/make-receipt.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust, TRUST_FORMAT, type Trust } from '../../network/proof/trust.js';
import { type ReceiptJudgement, verifyReceipt } from '../../network/proof/verify-receipt.js';
import { Problem } from '../http/problem.js';

/** What outsiders pin, as far as the ledger tells it. @param k so many provinces' peers must have signed */
export function trustFile({ channel, assurance, provinces }: LedgerInfo, k: number) {
  return {
    format: TRUST_FORMAT,
    channel,
    assurance,
    receiptPolicy: { k },
    provinces: provinces.map(({ code, mspId, roots }) => ({ code, mspId, roots })),
  };
}

/** A receipt that holds. */
export interface MadeReceipt {
  /** canonical JSON, the one form that it has */
  readonly text: string;
  /** what the peers signed */
  readonly answer: Answer;
}

interface ReceiptDeps {
  readonly ledger: Pick<Ledger, 'attest' | 'info'>;
  /** so many provinces' peers are asked, and must have signed */
  readonly provinces: number;
  readonly log: (message: string) => void;
}

function objections({ checks }: ReceiptJudgement): string {
  return checks.flatMap(({ name, code, message }) => (code ? [`${name} (${code}: ${message})`] : [])).join('; ');
}

export class Receipts {
  readonly #deps: ReceiptDeps;
  #trust: Promise<Trust> | undefined;

  constructor(deps: ReceiptDeps) {
    this.#deps = deps;
  }

  /**
   * Byte-equal answers are the ledger's to give; so what does not hold is no disagreement, but a peer that cannot be believed.
   * @throws Refusal, LedgerUnavailable when too few peers answer, Problem `ledger.unavailable` for what does not hold: the log
   * says which check failed
   */
  async make(invocation: Invocation): Promise<MadeReceipt> {
    const { ledger, provinces, log } = this.#deps;
    const text = makeReceipt(await ledger.attest(invocation, provinces));
    const judgement = await verifyReceipt(text, { trust: await this.#trusted(), primitives: nodePrimitives });
    const { verdict, answer } = judgement;
    if (verdict === 'holds' && answer) return { text, answer };
    log(
      `a receipt of ${invocation.function} was not given out, for it does not hold: ${objections(judgement)}; look at the peers that signed it, their certificates, and the clocks`,
    );
    throw new Problem('ledger.unavailable');
  }

  /** The ledger's roots, which stay what they are while it is open: asked for once. */
  #trusted(): Promise<Trust> {
    if (this.#trust) return this.#trust;
    const { ledger, provinces } = this.#deps;
    const asked = ledger.info().then((info) => parseTrust(JSON.stringify(trustFile(info, provinces))));
    this.#trust = asked;
    asked.catch(() => {
      this.#trust = undefined;
    });
    return asked;
  }
}
