/** The certificate that its issuer acts on, whether it has a key of its own or is still a batch leaf. */
import { Refusal } from '../../errors.js';
import { ensure, type Tx } from '../../runtime/tx.js';
import { type CertificateDigestRecord, type CertificateRecord, certificateKey, digestKey } from './certificate.js';
import { type LeafProof, provenCertificate } from './leaf-proof.js';

/**
 * A certificate by its key or, where it has none yet, by its proof; a proof beside a key is ignored,
 * because somebody else's change may have given the leaf its key in the meantime.
 * @throws Refusal `certificate.not-found`, `certificate.proof`
 */
export async function knownCertificate(tx: Tx, certificateId: string, proof?: LeafProof): Promise<CertificateRecord> {
  const record = await tx.state.get<CertificateRecord>(certificateKey(certificateId));
  if (record) return record;
  if (!proof) throw new Refusal('certificate.not-found', { id: certificateId });
  return provenCertificate(tx, certificateId, proof);
}

/**
 * Gives a leaf its keys. A digest key that is there already stays as it is: were the leaf refused for
 * it, a stranger could make a certificate irrevocable by issuing one of his own over its digest.
 */
async function materialise(tx: Tx, certificate: CertificateRecord): Promise<void> {
  const { certificateId, digests, recordedAt } = certificate;
  if ((await tx.state.get(certificateKey(certificateId))) !== undefined) return;
  tx.state.put(certificateKey(certificateId), certificate);
  for (const digest of digests) {
    if ((await tx.state.get(digestKey(digest))) !== undefined) continue;
    tx.state.put(digestKey(digest), { certificateId, role: 'original', recordedAt } satisfies CertificateDigestRecord);
  }
}

/** @throws Refusal `certificate.not-found`, `certificate.proof`, and `auth.agency` for anybody but the issuer */
export async function ownCertificate(tx: Tx, certificateId: string, proof?: LeafProof): Promise<CertificateRecord> {
  const certificate = await knownCertificate(tx, certificateId, proof);
  ensure(certificate.issuer === tx.caller.agencyId, 'auth.agency');
  await materialise(tx, certificate);
  return certificate;
}
