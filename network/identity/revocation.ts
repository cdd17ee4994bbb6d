/** A province's list of revoked certificates (RFC 5280 CRL), signed by its authority. */
import 'reflect-metadata';
import { createPrivateKey, verify, webcrypto, type X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AuthorityMaterial } from './authority.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

interface DerElement {
  readonly tag: number;
  /** of its content */
  readonly start: number;
  readonly end: number;
}

function derElement(bytes: Buffer, offset: number): DerElement {
  const [tag, first] = [bytes[offset] ?? 0, bytes[offset + 1] ?? 0];
  if (first < 0x80) return { tag, start: offset + 2, end: offset + 2 + first };
  const start = offset + 2 + (first & 0x7f);
  return { tag, start, end: start + bytes.readUIntBE(offset + 2, first & 0x7f) };
}

function elementsIn(bytes: Buffer, { start, end }: DerElement): DerElement[] {
  const elements: DerElement[] = [];
  for (let offset = start; offset < end; offset = (elements.at(-1) as DerElement).end) elements.push(derElement(bytes, offset));
  return elements;
}

const SEQUENCE = 0x30;

/**
 * The serial numbers on a list, lower-case hex. Read here, for the library finds none on a list that names no next
 * update. `TBSCertList` has three sequences: algorithm, issuer, and the revoked, each of which begins with its number (RFC 5280, 5.1.2).
 */
export function revocationsOf(crl: string): readonly string[] {
  const bytes = Buffer.from(x509.PemConverter.decodeFirst(crl));
  const content = derElement(bytes, derElement(bytes, 0).start);
  const [, , revoked] = elementsIn(bytes, content).filter(({ tag }) => tag === SEQUENCE);
  const entries = revoked ? elementsIn(bytes, revoked) : [];
  return entries.map((entry) => {
    const { start, end } = derElement(bytes, entry.start);
    return bytes
      .subarray(start, end)
      .toString('hex')
      .replace(/^00(?=.)/, '');
  });
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
