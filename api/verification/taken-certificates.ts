/**
 * Ids and digests that other certificates have already. The contract sees those with a key of their own;
 * batches' leaves have none, and only a reader of the whole chain knows them. Who asks before writing
 * learns of it in time; who does not, or asks too early, has issued a certificate that is void.
 */
import { Refusal } from '../../chaincode/errors.js';
import type { TakenItem } from '../../chaincode/transactions/certificate/batch.js';
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import { claimedBefore, type DigestValue, isClaimed } from '../projection/standing-certificates.js';
import type { Store } from '../store/store.js';

/** @throws Refusal `certificate.exists`, `certificate.digest` */
export async function refuseTaken(store: Store, certificate: CertificateContent): Promise<void> {
  const code = await claimedBefore(store.db, certificate);
  if (code) throw new Refusal(code, { id: certificate.certificateId });
}

/** The contract sees copies, and originals with a key of their own, by themselves. @throws Refusal `certificate.digest` */
export async function refuseTakenDigest(store: Store, digest: DigestValue): Promise<void> {
  if (await isClaimed(store.db, digest)) throw new Refusal('certificate.digest', { id: digest.value });
}

/** Which of a batch's items are void before they are issued. */
export async function knownTaken(store: Store, items: readonly CertificateContent[]): Promise<TakenItem[]> {
  const codes = await Promise.all(items.map((item) => claimedBefore(store.db, item)));
  return codes.flatMap((code, index) => (code ? [{ index, code }] : []));
}
