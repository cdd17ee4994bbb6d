/** Bundles that hold, and must for ever. */
import type { Leaf } from '../../../network/proof/evidence/bundle.js';
import { peersOf } from '../receipt-vectors/scene.js';
import { keyLike, type Material, recordIn } from './material.js';
import { DOCUMENT, type EvidenceStage, type EvidenceVector, good } from './vector.js';

/** As the embedded ledger's API gave them, with the contracts of the day. */
function issuedVectors({ issued }: EvidenceStage): EvidenceVector[] {
  const { trust, otherCase: _other, ...texts } = issued;
  return Object.entries(texts).map(([name, evidence]) => ({
    name: `holds-from-embedded-${name}`,
    about: `As the API gave it over the embedded ledger: ${name}`,
    evidence,
    trust,
    verdict: 'holds',
    faults: {},
  }));
}

export const LAST_PLACE = { block: 1_000_000, position: 0 };

/** A certificate of another agency under the leaf's id, which was written at this place. */
export function addNamesake(material: Material, version: { readonly block: number; readonly position: number }): void {
  const { id } = material.thing;
  const { batchId, record } = material.parts.issued[0] as Leaf;
  const key = `certificate~${id}`;
  material.records.set(key, { value: { ...record, issuer: '1132000000000002X0', changes: [] }, version });
  material.records.set(`${key}~${batchId}`, { value: null, version: undefined });
}

export async function goodVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  const { scene } = stage;
  const on = (asOf: string) => ({ before: (material: { asOf: string }) => Object.assign(material, { asOf }) });
  return [
    ...issuedVectors(stage),
    ...(await Promise.all([
      good(stage, 'certificate', 'certificate', 'A certificate with an annotated copy'),
      good(stage, 'certificate', 'document', 'With the document that it is about', {}, { document: DOCUMENT }),
      good(stage, 'certificate', 'four-provinces', 'Signed by all four', { peers: peersOf(scene, 4) }),
      good(stage, 'certificate', 'several-receipts', 'A receipt for each record', { each: 1 }),
      good(stage, 'certificate', 'markup-in-a-name', 'An agency whose name reads as markup', {
        before: (material) => {
          const name = { zh: '<img src="x">', en: '<script>alert(1)</script>&' };
          Object.assign(recordIn(material, keyLike(material, 'agency~')), { name });
        },
      }),
      good(stage, 'certificate', 'expired', 'As of a day after it ran out', on('2036-01-01T00:00:01Z')),
      good(stage, 'revoked', 'revoked', 'A revoked certificate: the evidence holds, the certificate does not'),
      good(stage, 'revoked', 'before-revocation', 'The same as of a day before', on('2026-02-01T00:00:00Z')),
      good(stage, 'leaf', 'leaf', 'A certificate that was issued in a batch'),
      good(stage, 'leaf', 'leaf-with-a-namesake', 'Another agency later took the id of a batch’s leaf for a key of its own', {
        before: (material) => addNamesake(material, LAST_PLACE),
      }),
      good(stage, 'grant', 'grant', 'A limited grant with every use'),
      good(stage, 'use', 'use', 'A use with its release and its grant'),
      good(stage, 'use', 'use-before-it-was', 'As of a day before it was made', on('2026-02-01T00:00:00Z')),
      good(stage, 'case', 'case', 'A case that went from one province to another'),
      good(stage, 'certificate', 'certificate-second-version', 'A certificate, in the second version of the format'),
      good(stage, 'case', 'case-second-version', 'A case without data, in the second version of the format'),
      good(stage, 'case', 'fewer-anchored', 'One of two anchored records left out: nothing signed counts them', {
        between: (material) => {
          material.parts = { ...material.parts, anchored: material.parts.anchored.slice(0, 1) };
        },
      }),
    ])),
  ];
}
