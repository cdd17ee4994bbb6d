/**
 * A province's certificate authority: a root key and certificate, and the certificates it issues with
 * Fabric's attribute extension and NodeOU. X.509 encoding is @peculiar/x509's, keys are P-256.
 */
import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { MspId } from '../../chaincode/provinces.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const FABRIC_ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const DAY = 86_400_000;

export interface KeyPair {
  /** PKCS #8 PEM */
  readonly privateKey: string;
  /** SPKI PEM */
  readonly publicKey: string;
}

export interface AuthorityMaterial {
  readonly mspId: MspId;
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateRequest {
  readonly commonName: string;
  /** the NodeOU that says what the identity may be in Fabric */
  readonly unit: 'client' | 'peer' | 'orderer' | 'admin';
  readonly publicKey: string;
  readonly attributes?: Readonly<Record<string, string>>;
  /** makes it a TLS certificate for server and client, under these host names and IP addresses */
  readonly tlsNames?: readonly string[];
  readonly days: number;
  readonly now: number;
}

function pem(label: string, der: ArrayBuffer): string {
  return x509.PemConverter.encode(der, label);
}

export async function generateKeyPair(): Promise<KeyPair> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  return {
    privateKey: pem('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)),
    publicKey: pem('PUBLIC KEY', await webcrypto.subtle.exportKey('spki', keys.publicKey)),
  };
}

/** SHA-256 over the DER SubjectPublicKeyInfo, 64 hex: the `keyDigest` of an agency's record. */
export function keyDigestOf(publicKeyPem: string): string {
  return createHash('sha256')
    .update(createPublicKey(publicKeyPem).export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function importPrivate(privateKey: string) {
  const der = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' });
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']);
}

function importPublic(publicKey: string) {
  const der = createPublicKey(publicKey).export({ type: 'spki', format: 'der' });
  return webcrypto.subtle.importKey('spki', der, ALGORITHM, true, ['verify']);
}

/** 159 random bits: positive, and within the 20 octets RFC 5280 allows. */
function serial(): string {
  const bytes = randomBytes(20);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

/**
 * A new root for a province, valid for ten years. `mark` goes into its name as an organisational unit, and so
 * into the issuer of every certificate under it: who sees such a certificate sees the mark.
 */
export async function createAuthority(
  mspId: MspId,
  organisation: string,
  now: number,
  mark?: string,
): Promise<AuthorityMaterial> {
  const name = `CN=ca.${organisation}, ${mark ? `OU=${mark}, ` : ''}O=${organisation}, C=CN`;
  const keys = await generateKeyPair();
  const publicKey = await importPublic(keys.publicKey);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: name,
    issuer: name,
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + 3650 * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey: await importPrivate(keys.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
  return { mspId, certificate: certificate.toString('pem'), privateKey: keys.privateKey };
}

/** Issues a certificate under a province's root. */
export async function issueCertificate(authority: AuthorityMaterial, request: CertificateRequest): Promise<string> {
  const root = new x509.X509Certificate(authority.certificate);
  const publicKey = await importPublic(request.publicKey);
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    await x509.AuthorityKeyIdentifierExtension.create(root.publicKey),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
  ];
  if (request.attributes) {
    const value = new TextEncoder().encode(JSON.stringify({ attrs: request.attributes }));
    extensions.push(new x509.Extension(FABRIC_ATTRIBUTES_OID, false, value));
  }
  if (request.tlsNames) {
    const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
    extensions.push(new x509.ExtendedKeyUsageExtension([serverAuth, clientAuth]));
    const names = request.tlsNames.map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value }));
    extensions.push(new x509.SubjectAlternativeNameExtension(names));
  }
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${request.commonName}, OU=${request.unit}, O=${authority.mspId}, C=CN`,
    issuer: root.subject,
    notBefore: new Date(request.now - 60 * 60_000),
    notAfter: new Date(request.now + request.days * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey,
    signingKey: await importPrivate(authority.privateKey),
    extensions,
  });
  return certificate.toString('pem');
}

export interface SelfSigned extends KeyPair {
  /** PEM */
  readonly certificate: string;
}

/**
 * A TLS client's certificate that no authority issued: whoever trusts it trusts this one key, and no
 * other that an authority may certify.
 */
export async function selfSignedClient(commonName: string, days: number, now: number): Promise<SelfSigned> {
  const keys = await generateKeyPair();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${commonName}`,
    issuer: `CN=${commonName}`,
    notBefore: new Date(now - 60 * 60_000),
    notAfter: new Date(now + days * DAY),
    signingAlgorithm: ALGORITHM,
    publicKey: await importPublic(keys.publicKey),
    signingKey: await importPrivate(keys.privateKey),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
    ],
  });
  return { ...keys, certificate: certificate.toString('pem') };
}

/** The Fabric attributes in a certificate; none when it has no such extension. */
export function attributesOf(certificate: string): Readonly<Record<string, string>> {
  const extension = new x509.X509Certificate(certificate).getExtension(FABRIC_ATTRIBUTES_OID);
  return extension ? JSON.parse(new TextDecoder().decode(extension.value)).attrs : {};
}
