/** A province's list of revoked certificates (RFC 5280 CRL), signed by its authority. */
import 'reflect-metadata';
import { createPrivateKey, verify, webcrypto, type X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AuthorityMaterial } from './authority.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The serial numbers on a list, lower-case hex. */
export function revocationsOf(crl: string): readonly string[] {
  return new x509.X509Crl(x509.PemConverter.decodeFirst(crl)).entries.map(({ serialNumber }) => serialNumber.toLowerCase());
}

/** Content and header of the DER element at an offset. */
function derElement(bytes: Buffer, offset: number): { readonly start: number; readonly end: number } {
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return { start: offset + 2, end: offset + 2 + first };
  const count = first & 0x7f;
  const start = offset + 2 + count;
  return { start, end: start + bytes.readUIntBE(offset + 2, count) };
}

/**
 * Whether a list is that authority's: a peer passes over one that it did not sign.
 * `CertificateList` is SEQUENCE { tbsCertList, signatureAlgorithm, signature BIT STRING }, RFC 5280 section 5.1.
 */
export function isListOf(crl: string, authority: X509Certificate): boolean {
  try {
    const bytes = Buffer.from(x509.PemConverter.decodeFirst(crl));
    const { start } = derElement(bytes, 0);
    const signed = derElement(bytes, start).end;
    const signature = derElement(bytes, derElement(bytes, signed).end);
    // The first octet of a BIT STRING counts unused bits.
    return verify(
      'sha256',
      bytes.subarray(start, signed),
      authority.publicKey,
      bytes.subarray(signature.start + 1, signature.end),
    );
  } catch {
    return false;
  }
}

/**
 * A new list with these serial numbers (hex) and no others, PEM. It names no next update: Fabric asks for
 * none, and a list that ran out must not let the revoked in again.
 */
export async function issueRevocations(authority: AuthorityMaterial, serials: readonly string[], now: number): Promise<string> {
  const der = createPrivateKey(authority.privateKey).export({ type: 'pkcs8', format: 'der' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
  const root = new x509.X509Certificate(authority.certificate);
  const revocationDate = new Date(now);
  const crl = await x509.X509CrlGenerator.create({
    issuer: root.subject,
    thisUpdate: revocationDate,
    signingAlgorithm: ALGORITHM,
    signingKey,
    entries: [...new Set(serials)].map((serialNumber) => ({ serialNumber, revocationDate })),
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(root.publicKey)],
  });
  // RFC 7468's label: Fabric takes bytes under any other for DER.
  return x509.PemConverter.encode(crl.rawData, 'X509 CRL');
}
