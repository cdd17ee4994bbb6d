import type { CertificateRecord } from './certificate.js';

/** What the public is told of a certificate: nothing that leads to a person or a case. */
export type PublicCertificate = Omit<CertificateRecord, 'subject' | 'caseId' | 'item' | 'capture' | 'changes'>;

export function publicPart({
  subject: _s,
  caseId: _c,
  item: _i,
  capture: _p,
  changes: _h,
  ...rest
}: CertificateRecord): PublicCertificate {
  return rest;
}
