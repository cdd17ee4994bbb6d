import { defineTransaction } from '../../runtime/definition.js';
import { ensure } from '../../runtime/tx.js';
import {
  certificatePath,
  changeTime,
  checkEffective,
  enterChange,
  issueTime,
  leafProofAttached,
  statusReason,
} from './change-status.js';
import { ownCertificate } from './own-certificate.js';
import { stateOf } from './status.js';

/**
 * Revokes for good. It may take effect in the past, back to the issue, but is never announced for the
 * future; a superseded certificate can still be revoked, when its own time turns out to have been void.
 */
export const revokeCertificate = defineTransaction({
  contract: 'certificate',
  name: 'RevokeCertificate',
  roles: ['certificate-issuer'],
  path: certificatePath,
  body: statusReason,
  attached: leafProofAttached,
  async apply(tx, { certificateId, proof, reasonCode, legalBasis, effectiveAt }) {
    const certificate = await ownCertificate(tx, certificateId, proof);
    const state = stateOf(certificate.changes);
    ensure(state !== 'revoked', 'certificate.state', { state });
    const now = changeTime(tx, certificate);
    const effective = effectiveAt ?? now;
    checkEffective(effective, { from: issueTime(certificate), to: now });
    return enterChange(tx, certificate, 'revoked', { reasonCode, legalBasis, effectiveAt: effective });
  },
});
