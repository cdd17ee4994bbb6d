/**
 * What can be wrong with a certificate's content without looking at the ledger. One certificate is
 * refused with it, an item of a batch gets it as its outcome.
 */
import { Refusal, type RefusalCode } from '../../errors.js';
import { certificateIdLooksPersonal } from '../../identifiers/certificate-id.js';
import { isCreditCode } from '../../identifiers/credit-code.js';
import { LICENCE_ID_ROOT, parseLicenceId } from '../../identifiers/licence-id.js';
import { isBefore } from '../../time.js';
import type { CertificateContent } from './certificate.js';

export interface ContentFault {
  readonly code: RefusalCode;
  readonly path: string;
  readonly message: string;
}

function ownershipFault(issuer: string, certificateId: string): ContentFault | undefined {
  const path = '/certificateId';
  if (certificateId.startsWith(LICENCE_ID_ROOT)) {
    const licence = parseLicenceId(certificateId);
    if (!licence) return { code: 'request.id-invalid', path, message: 'no licence identifier of GB/T 36904' };
    if (isCreditCode(licence.issuer) && licence.issuer !== issuer)
      return { code: 'certificate.issuer', path, message: 'the identifier names another issuer' };
    return undefined;
  }
  const prefix = `${issuer}-`;
  if (!certificateId.startsWith(prefix) || certificateId.length === prefix.length)
    return { code: 'request.id-invalid', path, message: 'must be a GB/T 36904 identifier or begin with the issuer and a hyphen' };
  return undefined;
}

function identifierFault(issuer: string, certificateId: string): ContentFault | undefined {
  const fault = ownershipFault(issuer, certificateId);
  if (fault || !certificateIdLooksPersonal(certificateId)) return fault;
  return { code: 'privacy.personal-data', path: '/certificateId', message: 'looks like a citizen, mobile or card number' };
}

/** The first thing wrong with an issuer's statement; undefined when nothing is. */
export function contentFault(issuer: string, content: CertificateContent): ContentFault | undefined {
  const { digests, validFrom, validTo } = content;
  if (new Set(digests.map((digest) => digest.alg)).size < digests.length)
    return { code: 'request.invalid', path: '/digests', message: 'an algorithm appears twice' };
  if (validTo !== undefined && !isBefore(validFrom, validTo))
    return { code: 'request.invalid', path: '/validTo', message: 'must be after validFrom' };
  return identifierFault(issuer, content.certificateId);
}

/** @throws Refusal for the first thing wrong */
export function refuseContentFault(issuer: string, content: CertificateContent): void {
  const fault = contentFault(issuer, content);
  if (fault) throw new Refusal(fault.code, { fields: [{ path: fault.path, message: fault.message }] });
}
