/**
 * Receipts for the roots of batches: what peers say of a batch never changes, so they are asked once for all
 * the records in it, as long as the answer is remembered.
 */
import { anchorBatchKey } from '../../chaincode/transactions/anchor/batch.js';
import { canonicalJson, type Json } from '../../network/proof/canonical-json.js';
import type { Deps } from '../deps.js';
import { askerFor } from '../evidence/asker.js';
import { attestRecords } from '../evidence/attest-records.js';
import type { Shown } from './anchor-proof.js';

const REMEMBERED = 500;

type ReceiptDeps = Pick<Deps, 'store' | 'wallet' | 'settings' | 'receipts'>;

/** In canonical order, in which a proof is a file that the verifier takes. */
function jsonOf(value: object): Json {
  return JSON.parse(canonicalJson(JSON.parse(JSON.stringify(value)) as Json)) as Json;
}

export class RootReceipts {
  readonly #deps: ReceiptDeps;
  readonly #receipts = new Map<string, Promise<Json>>();

  constructor(deps: ReceiptDeps) {
    this.#deps = deps;
  }

  /** @throws LedgerUnavailable when too few peers answer, Problem `ledger.unavailable` */
  async prove(agencyId: string, shown: Shown): Promise<Json> {
    if ('path' in shown) return jsonOf({ ...shown, receipt: await this.#of(agencyId, shown.batchId) });
    if (shown.status === 'pending') return jsonOf(shown);
    return jsonOf({ ...shown, first: await this.prove(agencyId, shown.first) });
  }

  #of(agencyId: string, batchId: string): Promise<Json> {
    const known = this.#receipts.get(batchId);
    if (known) return known;
    const asked = this.#ask(agencyId, batchId);
    if (this.#receipts.size >= REMEMBERED) this.#receipts.delete(this.#receipts.keys().next().value as string);
    this.#receipts.set(batchId, asked);
    // What failed is asked again by the next.
    asked.catch(() => this.#receipts.delete(batchId));
    return asked;
  }

  async #ask(agencyId: string, batchId: string): Promise<Json> {
    const signer = await askerFor(this.#deps, agencyId);
    const { text } = await attestRecords(this.#deps.receipts, signer, [anchorBatchKey(batchId)]);
    return JSON.parse(text) as Json;
  }
}
