/** A province's list of revoked certificates (RFC 5280 CRL), signed by its authority. */
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AuthorityMaterial } from './authority.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** The serial numbers on a list, lower-case hex. */
export function revocationsOf(crl: string): readonly string[] {
  return new x509.X509Crl(x509.PemConverter.decodeFirst(crl)).entries.map(({ serialNumber }) => serialNumber.toLowerCase());
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
