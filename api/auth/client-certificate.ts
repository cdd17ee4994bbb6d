/**
 * Agencies that come with a TLS client certificate (mTLS). TLS has already checked it against
 * `CLIENT_CA`; here its public key must be the very one in the agency's record, so that a certificate
 * authority alone admits nobody.
 */
import { createHash, X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { PROVINCES } from '../../chaincode/provinces.js';
import { ROLES } from '../../chaincode/roles.js';
import { AGENCY_ATTRIBUTE, ROLES_ATTRIBUTE } from '../../chaincode/runtime/caller.js';
import { attributesOf } from '../../network/identity/authority.js';
import type { Credential, FindAgency } from './principal.js';
import { Unauthenticated } from './unauthenticated.js';

export interface ClientCertificate {
  readonly agencyId: string;
  readonly mspId: string;
  readonly roles: readonly string[];
  /** SHA-256 over the DER SubjectPublicKeyInfo, hex */
  readonly keyDigest: string;
  /** SHA-256 over the DER certificate, base64url: `x5t#S256` of RFC 8705 */
  readonly thumbprint: string;
}

/** A foreign authority that TLS trusts may put anything under the attributes' name: then it names no agency. */
function readAttributes(certificate: X509Certificate): Readonly<Record<string, unknown>> {
  try {
    return attributesOf(certificate.toString()) ?? {};
  } catch {
    return {};
  }
}

/** Reads a DER certificate; undefined when it names no agency. */
function readClientCertificate(der: Uint8Array): ClientCertificate | undefined {
  const certificate = new X509Certificate(der);
  const attributes = readAttributes(certificate);
  const agencyId = attributes[AGENCY_ATTRIBUTE];
  const mspId = /^O=(.+)$/m.exec(certificate.subject)?.[1];
  const roles = attributes[ROLES_ATTRIBUTE];
  if (typeof agencyId !== 'string' || mspId === undefined) return undefined;
  return {
    agencyId,
    mspId,
    roles: typeof roles === 'string' ? roles.split(',') : [],
    keyDigest: createHash('sha256')
      .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
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
