/** Records to anchor, and the transaction that carries them. */
import { packLeaves } from '../../chaincode/merkle/packed.js';
import { type AnchoredRecord, leafText, recordTag } from '../../chaincode/transactions/anchor/record.js';
import { sha256 } from './digests.js';

export function anchored(agency: string, recordId: string, changes: Partial<AnchoredRecord> = {}): AnchoredRecord {
  return { agency, recordId, kind: 'milestone', digest: sha256(recordId), occurredAt: '2026-11-02T01:02:03Z', ...changes };
}

/** What the contract takes for these records, those with a case in columns. */
export function batchInput(records: readonly AnchoredRecord[]) {
  const rows = records.flatMap((record, index) => (record.caseId === undefined ? [] : [{ ...record, index }]));
  const cases = {
    index: rows.map(({ index }) => index),
    caseId: rows.map(({ caseId }) => caseId as string),
    recordId: rows.map(({ recordId }) => recordId),
    kind: rows.map(({ kind }) => kind),
    alg: rows.map(({ digest }) => digest.alg),
    digest: rows.map(({ digest }) => digest.value),
    occurredAt: rows.map(({ occurredAt }) => occurredAt),
  };
  return {
    leaves: packLeaves(records.map(leafText)).toString('base64'),
    tags: Buffer.from(records.map(({ agency, recordId }) => recordTag(agency, recordId)).join(''), 'hex').toString('base64'),
    ...(rows.length > 0 && { cases }),
  };
}
