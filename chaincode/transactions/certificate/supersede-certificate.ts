import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure } from '../../runtime/tx.js';
import { CertificateId } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { certificatePath, changeTime, enterChange, leafProofAttached } from './change-status.js';
import { LeafProof } from './leaf-proof.js';
import { knownCertificate, ownCertificate } from './own-certificate.js';
import { stateOf } from './status.js';

/**
 * The issuer names the certificate that takes this one's place. The successor is on the ledger
 * already, as a key or as a proven batch leaf, and may be of any issuer: a company that moves to
 * another province gets its new licence there, and only the old one's issuer can close the old one.
 * A successor that has itself ended is refused, which also keeps chains of successors free of circles.
 */
export const supersedeCertificate = defineTransaction({
  contract: 'certificate',
  name: 'SupersedeCertificate',
  roles: ['certificate-issuer'],
  path: certificatePath,
  body: { by: CertificateId },
  attached: { ...leafProofAttached, byProof: Type.Optional(LeafProof) },
  async apply(tx, { certificateId, proof, by, byProof }) {
    if (by === certificateId) refuseField('/by', 'a certificate cannot take its own place');
    const successor = await knownCertificate(tx, by, byProof);
    const certificate = await ownCertificate(tx, certificateId, proof);
    const state = stateOf(certificate.changes);
    ensure(state === 'valid' || state === 'suspended', 'certificate.state', { state });
    const next = stateOf(successor.changes);
    ensure(next === 'valid' || next === 'suspended', 'certificate.state', { state: next, id: by });
    return enterChange(tx, certificate, 'superseded', { by, effectiveAt: changeTime(tx, certificate) });
  },
});
