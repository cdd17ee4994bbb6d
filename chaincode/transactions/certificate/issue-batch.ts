import Type from 'typebox';
import { buildTree } from '../../merkle/tree.js';
import { defineTransaction } from '../../runtime/definition.js';
import { recordedAt } from '../../runtime/tx.js';
import { BATCH_LIMIT, batchKey, type CertificateBatchRecord, certificateLeafHash, judgeBatch, TakenItem } from './batch.js';
import { CertificateItem } from './certificate.js';

/**
 * Issues many certificates under one key. Bad items are named in the outcomes and left out; a batch
 * of bad items only is recorded with the root of the empty tree, so that its answer can be told again.
 */
export const issueBatch = defineTransaction({
  contract: 'certificate',
  name: 'IssueBatch',
  roles: ['certificate-issuer'],
  path: {},
  body: { items: Type.Array(CertificateItem, { minItems: 1, maxItems: BATCH_LIMIT }) },
  attached: { taken: Type.Optional(Type.Array(TakenItem, { minItems: 1, maxItems: BATCH_LIMIT })) },
  async apply(tx, { items, taken }) {
    const { agencyId, province } = tx.caller;
    const { outcomes, leaves } = judgeBatch(agencyId, items, taken);
    const { size, root } = buildTree(leaves.map(certificateLeafHash));
    const record: CertificateBatchRecord = {
      batchId: tx.id,
      size,
      root,
      issuer: agencyId,
      province: province.code,
      recordedAt: recordedAt(tx),
    };
    tx.state.put(batchKey(tx.id), record);
    return { batchId: tx.id, size, root, outcomes };
  },
});
