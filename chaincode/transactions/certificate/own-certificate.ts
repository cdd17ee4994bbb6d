/** The certificate that its issuer acts on, whether it has a key of its own or is still a batch leaf. */
import { Refusal } from '../../errors.js';
import { ensure, type Tx } from '../../runtime/tx.js';
import {
  type CertificateDigestRecord,
  type CertificateRecord,
  certificateKey,
  contestedKey,
  digestKey,
  isSameIssue,
} from './certificate.js';
import { type LeafProof, provenCertificate } from './leaf-proof.js';

/**
 * A certificate by its key or, where it has none yet, by its proof; a proof beside the key is ignored,
 * because the issuer's own change may have given the leaf its key in the meantime.
 * @throws Refusal `certificate.not-found`, `certificate.proof`
 */
export async function knownCertificate(tx: Tx, certificateId: string, proof?: LeafProof): Promise<CertificateRecord> {
  const record = await tx.state.get<CertificateRecord>(certificateKey(certificateId));
  if (record) return record;
  if (!proof) throw new Refusal('certificate.not-found', { id: certificateId });
  return provenCertificate(tx, certificateId, proof);
}

/**
 * Where a certificate is kept. A leaf of a batch finds its key taken when another agency, or its own issuer
 * once more, has issued under the same id; which of the two stands is for readers of the whole chain to tell, and until then
 * each issuer must be able to revoke what it issued.
 */
export async function keyOf(tx: Tx, { certificateId, issuer, batch }: CertificateRecord): Promise<string> {
  const keyed = await tx.state.get<CertificateRecord>(certificateKey(certificateId));
  const isContested = batch !== undefined && keyed !== undefined && !isSameIssue(keyed, { issuer, batch });
  return isContested ? contestedKey(certificateId, batch.batchId) : certificateKey(certificateId);
}

/** A leaf whose key another certificate has. @throws Refusal `certificate.proof` */
async function contestedLeaf(tx: Tx, certificateId: string, proof: LeafProof): Promise<CertificateRecord> {
  const proven = await provenCertificate(tx, certificateId, proof);
  return (await tx.state.get<CertificateRecord>(await keyOf(tx, proven))) ?? proven;
}

/**
 * Gives a leaf its keys. A digest key that is there already stays as it is: were the leaf refused for
 * it, a stranger could make a certificate irrevocable by issuing one of his own over its digest.
 */
async function materialise(tx: Tx, certificate: CertificateRecord): Promise<void> {
  const { certificateId, digests, recordedAt } = certificate;
  const key = await keyOf(tx, certificate);
  if ((await tx.state.get(key)) !== undefined) return;
  tx.state.put(key, certificate);
  for (const digest of digests) {
    if ((await tx.state.get(digestKey(digest))) !== undefined) continue;
    tx.state.put(digestKey(digest), { certificateId, role: 'original', recordedAt } satisfies CertificateDigestRecord);
  }
}

/** @throws Refusal `certificate.not-found`, `certificate.proof`, and `auth.agency` for anybody but the issuer */
export async function ownCertificate(tx: Tx, certificateId: string, proof?: LeafProof): Promise<CertificateRecord> {
  const known = await knownCertificate(tx, certificateId, proof);
  const isMine = known.issuer === tx.caller.agencyId;
  const isProven = isMine && (known.batch?.batchId === proof?.batchId || proof?.leaf.certificateId !== certificateId);
  const leaf = isProven || !proof ? known : await contestedLeaf(tx, certificateId, proof);
  // Of two namesakes a caller acts on its own; of two of its own, on the one that is proven.
  const certificate = isMine && leaf.issuer !== tx.caller.agencyId ? known : leaf;
  ensure(certificate.issuer === tx.caller.agencyId, 'auth.agency');
  await materialise(tx, certificate);
  return certificate;
}
