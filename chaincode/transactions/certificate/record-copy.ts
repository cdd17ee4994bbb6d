import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, recordedAt } from '../../runtime/tx.js';
import { Code, Digest, Time } from '../../schemas/primitives.js';
import { type CertificateDigestRecord, digestKey } from './certificate.js';
import { certificatePath, leafProofAttached } from './change-status.js';
import { ownCertificate } from './own-certificate.js';
import { stateOf } from './status.js';

/**
 * Records an annotated copy 加注件, whose bytes differ from the original's, under a key of its own: the
 * certificate's record stays as it is, however many copies are made. No copies of what has ended; a copy
 * that has itself run out may still be entered, so that what was handed out earlier can be told.
 */
export const recordCopy = defineTransaction({
  contract: 'certificate',
  name: 'RecordCopy',
  roles: ['certificate-issuer'],
  path: certificatePath,
  body: { digest: Digest, purpose: Code, expiresAt: Time },
  attached: leafProofAttached,
  async apply(tx, { certificateId, proof, digest, purpose, expiresAt }) {
    const certificate = await ownCertificate(tx, certificateId, proof);
    const state = stateOf(certificate.changes);
    ensure(state === 'valid' || state === 'suspended', 'certificate.state', { state });
    await absent(tx, digestKey(digest), 'certificate.digest', digest.value);
    const now = recordedAt(tx, certificate);
    const copy: CertificateDigestRecord = { certificateId, role: 'annotated-copy', purpose, expiresAt, recordedAt: now };
    tx.state.put(digestKey(digest), copy);
    return { ...copy, digest };
  },
});
