/** Which key an agency signs with, first or next: its own, when it brings a certificate, or one that the wallet makes for it. */
import { X509Certificate } from 'node:crypto';
import { Refusal } from '../../chaincode/errors.js';
import { type AgencyRecord, checkRoles } from '../../chaincode/transactions/registry/agency.js';
import { keyDigestOf } from '../../network/identity/authority.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { findAgency } from '../projection/records.js';
import type { WriteRequest } from './write-route.js';

const ONE_CERTIFICATE = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

function refuse(message: string): Problem {
  return new Problem('request.invalid', { errors: [{ path: '/certificate', message }] });
}

function parse(pem: string): X509Certificate {
  if (!ONE_CERTIFICATE.test(pem)) throw refuse('not one certificate in PEM');
  try {
    return new X509Certificate(pem);
  } catch {
    throw refuse('not a certificate');
  }
}

/** @throws Problem `request.invalid` for anything but one certificate with a P-256 key: peers verify no other */
function keyDigestOfCertificate(pem: string): string {
  const { publicKey } = parse(pem);
  if (publicKey.asymmetricKeyType !== 'ec' || publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw refuse('its key is not on the curve P-256');
  return keyDigestOf(publicKey.export({ type: 'spki', format: 'pem' }) as string);
}

type Registration = Pick<AgencyRecord, 'agencyId' | 'divisionCode' | 'roles'> & { readonly certificate?: string };

export async function agencyKeyDigest(
  { wallet, store }: Deps,
  { principal, body }: WriteRequest,
): Promise<{ keyDigest: string }> {
  const { agencyId, certificate, divisionCode, roles } = body as Registration;
  if (certificate !== undefined) return { keyDigest: keyDigestOfCertificate(certificate) };
  // What is refused anyway must not leave a key behind that nothing belongs to.
  if (!divisionCode.startsWith(principal.province.slice(0, 2))) throw new Refusal('auth.province');
  checkRoles(roles);
  const registered = await findAgency(store, agencyId);
  return { keyDigest: registered?.keyDigest ?? (await wallet.keyDigest(agencyId, principal.province)) };
}

/** The key that replaces an agency's: of the certificate it brings, or made in the wallet beside the one it has. */
export async function anotherKeyDigest(
  { wallet, store }: Deps,
  { principal, params, body }: WriteRequest,
): Promise<{ keyDigest: string }> {
  const { certificate } = body as { readonly certificate?: string };
  if (certificate !== undefined) return { keyDigest: keyDigestOfCertificate(certificate) };
  // As the contract will: what is refused anyway must not leave a key behind that nothing belongs to.
  const { agencyId } = params as { readonly agencyId: string };
  const agency = await findAgency(store, agencyId);
  if (!agency) throw new Refusal('agency.not-found', { id: agencyId });
  if (agency.province !== principal.province) throw new Refusal('auth.province');
  if (agencyId === principal.agencyId) throw new Refusal('auth.agency');
  return { keyDigest: await wallet.anotherKey(agencyId, principal.province) };
}
