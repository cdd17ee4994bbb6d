/** The certificate that an agency brings: nothing may ride on it into the ledger, and it is of the key it says. */
import { X509Certificate } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { looksPersonal } from './personal-data.js';

const PEM = /^\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/;

/** SHA-256 over a certificate's public key (DER SubjectPublicKeyInfo), 64 hex. @throws Error for text that is none */
export function publicKeyDigest(pem: string): string {
  return bytesToHex(sha256(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })));
}

function parse(pem: string): X509Certificate | undefined {
  const encoded = PEM.exec(pem)?.[1]?.replace(/\s/g, '');
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  try {
    const certificate = new X509Certificate(pem);
    // Whatever follows the certificate's last byte would be read by nobody, and kept for ever.
    return certificate.raw.equals(bytes) && bytes.toString('base64') === encoded ? certificate : undefined;
  } catch {
    return undefined;
  }
}

export interface Holder {
  readonly agencyId: string;
  readonly keyDigest: string;
}

export interface CertificateFault {
  readonly code: 'request.invalid' | 'privacy.personal-data';
  readonly message: string;
}

/** What is wrong with an agency's certificate in PEM; undefined when nothing is. */
export function certificateFault(pem: string, { agencyId, keyDigest }: Holder): CertificateFault | undefined {
  const certificate = parse(pem);
  if (!certificate) return { code: 'request.invalid', message: 'not one certificate in PEM' };
  if (publicKeyDigest(pem) !== keyDigest) return { code: 'request.invalid', message: 'is of another key than keyDigest' };
  const { subject, subjectAltName = '' } = certificate;
  // A certificate may well name its agency, whose code may by chance look like a citizen's.
  const named = `${subject}\n${subjectAltName}`.split(agencyId).join('');
  if (looksPersonal(named))
    return { code: 'privacy.personal-data', message: 'its subject looks like a citizen, mobile or card number' };
  return undefined;
}
