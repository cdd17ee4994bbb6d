/** Certificates 电子证照: issue, changes of status, annotated copies. */
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import { refuseContentFault } from '../../chaincode/transactions/certificate/content-fault.js';
import { issueBatch } from '../../chaincode/transactions/certificate/issue-batch.js';
import { issueCertificate } from '../../chaincode/transactions/certificate/issue-certificate.js';
import { recordCopy } from '../../chaincode/transactions/certificate/record-copy.js';
import { reinstateCertificate } from '../../chaincode/transactions/certificate/reinstate-certificate.js';
import { revokeCertificate } from '../../chaincode/transactions/certificate/revoke-certificate.js';
import { supersedeCertificate } from '../../chaincode/transactions/certificate/supersede-certificate.js';
import { suspendCertificate } from '../../chaincode/transactions/certificate/suspend-certificate.js';
import { findRecord } from '../projection/records.js';
import { standingCertificate } from '../projection/standing-certificates.js';
import { leafProofOf } from '../verification/leaf-proof.js';
import { knownTaken, refuseTaken, refuseTakenDigest } from '../verification/taken-certificates.js';
import type { WriteRoute } from './write-route.js';

const BATCH_BODY_LIMIT = 2 * 1024 * 1024;

const theCertificate: WriteRoute['location'] = (_record, { certificateId }) => `/v1/certificates/${certificateId}`;

/** A batch's leaf has no key of its own before its first change: its proof goes with the call. */
const withProof: WriteRoute['attach'] = async ({ store }, { params }) => {
  const proof = await leafProofOf(store, String(params.certificateId));
  return proof ? { proof } : {};
};

export const certificateWrites: readonly WriteRoute[] = [
  {
    method: 'POST',
    path: '/v1/certificates',
    definition: issueCertificate,
    tag: 'certificates',
    summary: { zh: '签发证照', en: 'Issue a certificate' },
    location: ({ certificateId }) => `/v1/certificates/${certificateId}`,
    attach: async ({ store }, { principal, body }) => {
      const content = body as CertificateContent;
      refuseContentFault(principal.agencyId, content);
      // A case that is not there is for the contract to refuse, before what the id and the digests are.
      if (content.caseId === undefined || (await findRecord(store, 'case', content.caseId))) await refuseTaken(store, content);
      return {};
    },
  },
  {
    method: 'POST',
    path: '/v1/certificates/batch',
    definition: issueBatch,
    tag: 'certificates',
    summary: { zh: '批量签发证照', en: 'Issue certificates in a batch' },
    location: ({ batchId }) => `/v1/certificate-batches/${batchId}`,
    bodyLimit: BATCH_BODY_LIMIT,
    attach: async ({ store }, { body }) => {
      const taken = await knownTaken(store, body.items as readonly CertificateContent[]);
      return taken.length > 0 ? { taken } : {};
    },
  },
  {
    method: 'POST',
    path: '/v1/certificates/:certificateId/suspension',
    definition: suspendCertificate,
    tag: 'certificates',
    summary: { zh: '暂停证照', en: 'Suspend a certificate' },
    location: theCertificate,
    attach: withProof,
  },
  {
    method: 'POST',
    path: '/v1/certificates/:certificateId/reinstatement',
    definition: reinstateCertificate,
    tag: 'certificates',
    summary: { zh: '恢复证照', en: 'Reinstate a certificate' },
    location: theCertificate,
    attach: withProof,
  },
  {
    method: 'POST',
    path: '/v1/certificates/:certificateId/revocation',
    definition: revokeCertificate,
    tag: 'certificates',
    summary: { zh: '撤销证照', en: 'Revoke a certificate' },
    location: theCertificate,
    attach: withProof,
  },
  {
    method: 'POST',
    path: '/v1/certificates/:certificateId/supersession',
    definition: supersedeCertificate,
    tag: 'certificates',
    summary: { zh: '以新证照替代', en: 'Supersede a certificate by another' },
    location: theCertificate,
    attach: async (deps, write) => {
      const byProof = await leafProofOf(deps.store, String(write.body.by));
      return { ...(await withProof(deps, write)), ...(byProof && { byProof }) };
    },
  },
  {
    method: 'POST',
    path: '/v1/certificates/:certificateId/copies',
    definition: recordCopy,
    tag: 'certificates',
    summary: { zh: '登记加注件', en: 'Record an annotated copy' },
    location: (_record, { certificateId }) => `/v1/certificates/${certificateId}/copies`,
    attach: async (deps, write) => {
      const certificate = await standingCertificate(deps.store.db, String(write.params.certificateId));
      if (certificate?.issuer === write.principal.agencyId)
        await refuseTakenDigest(deps.store, write.body.digest as CertificateContent['digests'][number]);
      return withProof(deps, write);
    },
  },
];
