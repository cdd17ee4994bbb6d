import { defineTransaction } from '../../runtime/definition.js';
import { certificatePath, leafProofAttached, statusReason } from './change-status.js';
import { interrupt } from './interrupt.js';
import { ownCertificate } from './own-certificate.js';

export const reinstateCertificate = defineTransaction({
  contract: 'certificate',
  name: 'ReinstateCertificate',
  roles: ['certificate-issuer'],
  path: certificatePath,
  body: statusReason,
  attached: leafProofAttached,
  async apply(tx, { certificateId, proof, ...reason }) {
    return interrupt(tx, await ownCertificate(tx, certificateId, proof), 'reinstated', reason);
  },
});
