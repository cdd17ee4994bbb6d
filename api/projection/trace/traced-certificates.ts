/** Issue, changes of status, and copies of certificates, void ones too: who claimed an id that was taken is to be seen. */
import type { CertificateBatchRecord } from '../../../chaincode/transactions/certificate/batch.js';
import type { CertificateDigestRecord, CertificateRecord } from '../../../chaincode/transactions/certificate/certificate.js';
import { leavesOf } from '../certificate-batch.js';
import { standingCertificate } from '../standing-certificates.js';
import { recordOf, type Traced, type Tracer } from './traced.js';

type Named = Pick<CertificateRecord, 'certificateId' | 'subject' | 'caseId'>;

function ofCertificate({ certificateId, subject, caseId }: Named) {
  return { certificate: certificateId, subject, case: caseId };
}

export const traceCertificate: Tracer = ({ own, transaction }) =>
  own.map((write) => {
    const certificate = write.value as CertificateRecord;
    const reason = certificate.changes.find((change) => change.transaction === transaction.id)?.reasonCode;
    return { record: recordOf(write), ...ofCertificate(certificate), ...(reason && { reason }) };
  });

/** The batch, then each certificate in it. */
export const traceBatch: Tracer = ({ own: [write], transaction }) => {
  if (!write) return [];
  const batch = write.value as CertificateBatchRecord;
  const leaves = leavesOf(batch, transaction).map(
    (leaf): Traced => ({ record: { type: 'certificate', id: leaf.certificateId }, ...ofCertificate(leaf) }),
  );
  return [{ record: recordOf(write), count: batch.size }, ...leaves];
};

/** Copies alone: the digests of originals come with their certificate. */
export const traceCopy: Tracer = async ({ db, own }) => {
  const traced: Traced[] = [];
  for (const write of own) {
    const digest = write.value as CertificateDigestRecord;
    if (digest.role !== 'annotated-copy') continue;
    const { certificateId, purpose } = digest;
    const standing = await standingCertificate(db, certificateId);
    traced.push({
      record: recordOf(write),
      ...(standing ? ofCertificate(standing) : { certificate: certificateId }),
      purpose: { code: purpose },
    });
  }
  return traced;
};
