import { addNamesake, LAST_PLACE } from './good-vectors.js';
import { type Material, recordIn } from './material.js';
import { bad, type EvidenceStage, type EvidenceVector } from './vector.js';

/** Of another certificate under the id, which was issued first and changed after the batch. */
function changedNamesake(material: Material): void {
  addNamesake(material, LAST_PLACE);
  const value = recordIn(material, `certificate~${material.thing.id}`);
  const { batchId } = material.parts.issued[0] as { batchId: string };
  const { recordedAt } = recordIn(material, `certificate-batch~${batchId}`);
  const change = { change: 'revoked', effectiveAt: recordedAt, recordedAt, transaction: 'ab'.repeat(32) };
  Object.assign(value, { issuedAt: '2026-01-01T00:00:00.000Z', changes: [change] });
}

/** Of two certificates with one id the first in block order stands. */
export function namesakeVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  return [
    bad(
      stage,
      'leaf',
      'issued-leaf-void',
      'A leaf whose id was taken under a key before',
      { entitlement: 'proof.entitlement' },
      {
        before: (material) => addNamesake(material, { block: 1, position: 0 }),
      },
    ),
    bad(
      stage,
      'leaf',
      'issued-leaf-void-changed',
      'A leaf whose id was taken under a key before, which was changed afterwards',
      { entitlement: 'proof.entitlement' },
      { before: changedNamesake },
    ),
  ];
}
