/** The proof that a certificate is a leaf of its batch, made from the leaves that the projection keeps. */
import { buildTree } from '../../chaincode/merkle/tree.js';
import { CertificateItem, type CertificateRecord, isSameIssue } from '../../chaincode/transactions/certificate/certificate.js';
import type { LeafProof } from '../../chaincode/transactions/certificate/leaf-proof.js';
import { findRecord } from '../projection/records.js';
import { standingCertificate } from '../projection/standing-certificates.js';
import type { Store } from '../store/store.js';

/** The item as its issuer sent it: the leaf's hash is over these fields and no other. */
function leafOf(certificate: CertificateRecord): LeafProof['leaf'] {
  const stated = Object.entries(certificate).filter(([name]) => name in CertificateItem.properties);
  return Object.fromEntries(stated) as LeafProof['leaf'];
}

async function leafHashes(store: Store, batchId: string): Promise<string[]> {
  const rows = await store.db
    .selectFrom('certificate_leaf')
    .select('hash')
    .where('batch_id', '=', batchId)
    .orderBy('leaf_index')
    .execute();
  return rows.map((row) => row.hash);
}

/** Undefined for a certificate that has the key of its id, was issued by itself, or is not known. */
export async function leafProofOf(store: Store, certificateId: string): Promise<LeafProof | undefined> {
  const certificate = await standingCertificate(store.db, certificateId);
  if (!certificate?.batch) return undefined;
  const keyed = await findRecord<CertificateRecord>(store, 'certificate', certificateId);
  // Where a later namesake has the key, the leaf is still one that only its proof shows.
  if (keyed && isSameIssue(keyed, certificate)) return undefined;
  const { batchId, index } = certificate.batch;
  const tree = buildTree(await leafHashes(store, batchId));
  return { batchId, index, size: tree.size, path: tree.path(index), leaf: leafOf(certificate) };
}
