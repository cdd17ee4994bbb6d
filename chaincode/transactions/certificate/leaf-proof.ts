/**
 * The proof that a certificate was issued as a leaf of a batch. A leaf has no key of its own until its
 * status changes; the API attaches the proof to the call that changes it.
 */
import Type, { type Static } from 'typebox';
import { verifyInclusion } from '../../merkle/tree.js';
import { ensure, type Tx } from '../../runtime/tx.js';
import { Closed, Hash } from '../../schemas/primitives.js';
import { BATCH_LIMIT, batchKey, type CertificateBatchRecord, certificateLeafHash } from './batch.js';
import { type CertificateContent, CertificateItem, type CertificateRecord, licenceFamily } from './certificate.js';

/** A path has at most as many hashes as the last index has bits. */
const LONGEST_PATH = (BATCH_LIMIT - 1).toString(2).length;

export const LeafProof = Closed({
  batchId: Hash,
  index: Type.Integer({ minimum: 0, maximum: BATCH_LIMIT - 1 }),
  size: Type.Integer({ minimum: 1, maximum: BATCH_LIMIT }),
  path: Type.Array(Hash, { maxItems: LONGEST_PATH }),
  leaf: CertificateItem,
});
export type LeafProof = Static<typeof LeafProof>;

/** A batch's leaf as it would stand had it been given a key when it was issued. */
export function leafCertificate(batch: CertificateBatchRecord, index: number, leaf: CertificateContent): CertificateRecord {
  const { batchId, issuer, province, recordedAt } = batch;
  return {
    ...leaf,
    ...licenceFamily(leaf.certificateId),
    issuer,
    province,
    issuedAt: recordedAt,
    transaction: batchId,
    batch: { batchId, index },
    changes: [],
    recordedAt,
  };
}

/**
 * The certificate that a proof shows.
 * @throws Refusal `certificate.proof` when the proof is of another certificate or does not lead to the batch's root
 */
export async function provenCertificate(
  tx: Pick<Tx, 'state'>,
  certificateId: string,
  proof: LeafProof,
): Promise<CertificateRecord> {
  const { batchId, index, size, path, leaf } = proof;
  ensure(leaf.certificateId === certificateId, 'certificate.proof', { id: certificateId });
  const batch = await tx.state.get<CertificateBatchRecord>(batchKey(batchId));
  const holds =
    batch !== undefined &&
    size === batch.size &&
    verifyInclusion({ leafHash: certificateLeafHash(leaf), index, size, path, root: batch.root });
  ensure(holds, 'certificate.proof', { id: certificateId });
  return leafCertificate(batch, index, leaf);
}
