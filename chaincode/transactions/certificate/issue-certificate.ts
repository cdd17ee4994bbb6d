import { defineTransaction } from '../../runtime/definition.js';
import { absent, recordedAt } from '../../runtime/tx.js';
import { loadCase } from '../case/case-record.js';
import {
  type CertificateDigestRecord,
  type CertificateRecord,
  certificateContent,
  certificateKey,
  digestKey,
  licenceFamily,
} from './certificate.js';
import { certificateAnswer } from './change-status.js';
import { refuseContentFault } from './content-fault.js';

/**
 * Issues one certificate. A case that it names must be on the ledger, and gives the certificate the
 * catalogue version it was made under.
 */
export const issueCertificate = defineTransaction({
  contract: 'certificate',
  name: 'IssueCertificate',
  roles: ['certificate-issuer'],
  path: {},
  body: certificateContent,
  async apply(tx, content) {
    const { certificateId, digests, caseId } = content;
    const { agencyId, province } = tx.caller;
    refuseContentFault(agencyId, content);
    const named = caseId ? await loadCase(tx, caseId) : undefined;
    await absent(tx, certificateKey(certificateId), 'certificate.exists', certificateId);
    for (const digest of digests) await absent(tx, digestKey(digest), 'certificate.digest', digest.value);

    const now = recordedAt(tx);
    const record: CertificateRecord = {
      ...content,
      ...licenceFamily(certificateId),
      ...(named && { item: named.item }),
      issuer: agencyId,
      province: province.code,
      issuedAt: now,
      transaction: tx.id,
      changes: [],
      recordedAt: now,
    };
    tx.state.put(certificateKey(certificateId), record);
    for (const digest of digests)
      tx.state.put(digestKey(digest), { certificateId, role: 'original', recordedAt: now } satisfies CertificateDigestRecord);
    return certificateAnswer(record);
  },
});
