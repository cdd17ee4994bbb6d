/**
 * Agencies that come with a TLS client certificate (mTLS). TLS has already checked it against
 * `CLIENT_CA`; here its public key must be the very one in the agency's record, so that a certificate
 * authority alone admits nobody.
 */
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { X509Certificate } from '@peculiar/x509';
import { PROVINCES } from '../../chaincode/provinces.js';
import { ROLES } from '../../chaincode/roles.js';
import type { Credential, FindAgency } from './principal.js';
import { Unauthenticated } from './unauthenticated.js';

/** Where Fabric's certificate authorities keep attributes: JSON `{ attrs: { agency, roles } }`. */
const FABRIC_ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

export interface ClientCertificate {
  readonly agencyId: string;
  readonly mspId: string;
  readonly roles: readonly string[];
  /** SHA-256 over the DER SubjectPublicKeyInfo, hex */
  readonly keyDigest: string;
  /** SHA-256 over the DER certificate, base64url: `x5t#S256` of RFC 8705 */
  readonly thumbprint: string;
}

function attributesOf(certificate: X509Certificate): Record<string, unknown> {
  const extension = certificate.getExtension(FABRIC_ATTRIBUTES_OID);
  if (!extension) return {};
  try {
    return JSON.parse(Buffer.from(extension.value).toString('utf8')).attrs ?? {};
  } catch {
    return {};
  }
}

/** Reads a DER certificate; undefined when it names no agency. */
export function readClientCertificate(der: Uint8Array): ClientCertificate | undefined {
  const certificate = new X509Certificate(new Uint8Array(der));
  const attributes = attributesOf(certificate);
  const mspId = certificate.subjectName.getField('O')[0];
  if (typeof attributes.agency !== 'string' || mspId === undefined) return undefined;
  return {
    agencyId: attributes.agency,
    mspId,
    roles: typeof attributes.roles === 'string' ? attributes.roles.split(',') : [],
    keyDigest: createHash('sha256').update(new Uint8Array(certificate.publicKey.rawData)).digest('hex'),
    thumbprint: createHash('sha256').update(der).digest('base64url'),
  };
}

/** One connection shows one certificate: it is read once. */
const bySocket = new WeakMap<Socket, ClientCertificate | undefined>();

/** The certificate that the connection was opened with; undefined without one that TLS accepted. */
export function presentedCertificate(socket: Socket): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  if (!bySocket.has(socket)) {
    const { raw } = socket.getPeerCertificate(true);
    bySocket.set(socket, raw ? readClientCertificate(raw) : undefined);
  }
  return bySocket.get(socket);
}

/** @throws Unauthenticated when the certificate's key is not the one in the agency's record */
export async function certificateCredential(shown: ClientCertificate, findAgency: FindAgency): Promise<Credential> {
  const agency = await findAgency(shown.agencyId);
  const province = PROVINCES.find(({ mspId }) => mspId === shown.mspId);
  if (!province || agency?.keyDigest !== shown.keyDigest)
    throw new Unauthenticated('auth.invalid', 'certificate is not the one in the agency record');
  return {
    agencyId: shown.agencyId,
    province: province.code,
    roles: ROLES.filter((role) => shown.roles.includes(role)),
    issuer: `certificate:${shown.mspId}`,
    subject: shown.keyDigest,
  };
}
