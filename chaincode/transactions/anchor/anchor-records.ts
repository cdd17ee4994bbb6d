import { packedRoot, packedSize } from '../../merkle/packed.js';
import { ROLES } from '../../roles.js';
import { defineTransaction } from '../../runtime/definition.js';
import { recordedAt } from '../../runtime/tx.js';
import { type AnchorBatchRecord, anchorBatchBody, anchorBatchKey, caseRows, ensureRowsAreLeaves, openBatch } from './batch.js';

/** Whoever writes anything may anchor; an auditor only reads. */
export const WRITERS = ROLES.filter((role) => role !== 'auditor');

/**
 * Anchors many records under one key. The root is computed here, so that what is recorded is what the leaves
 * in the transaction say. Cases are not looked up: reading them would let every change of a case void a batch.
 */
export const anchorRecords = defineTransaction({
  contract: 'anchor',
  name: 'AnchorRecords',
  roles: WRITERS,
  path: {},
  body: anchorBatchBody,
  async apply(tx, { cases, ...packed }) {
    const { agencyId, province } = tx.caller;
    const batch = openBatch(packed);
    ensureRowsAreLeaves(batch, caseRows(agencyId, cases));
    const record: AnchorBatchRecord = {
      batchId: tx.id,
      agency: agencyId,
      province: province.code,
      size: packedSize(batch.leaves),
      root: packedRoot(batch.leaves),
      recordedAt: recordedAt(tx),
    };
    tx.state.put(anchorBatchKey(tx.id), record);
    return { ...record };
  },
});
