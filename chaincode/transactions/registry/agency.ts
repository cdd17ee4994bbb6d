/** The agency 机构 record, and the rules its roles keep. */
import { Refusal } from '../../errors.js';
import { certificateFault, type Holder } from '../../identifiers/agency-certificate.js';
import type { ProvinceCode } from '../../provinces.js';
import type { AGENCY_KINDS, Role } from '../../roles.js';
import { ensure, load, type Tx } from '../../runtime/tx.js';
import { key } from '../../state/keys.js';

export interface AgencyRecord {
  readonly agencyId: string;
  readonly name: { readonly zh: string; readonly en?: string };
  readonly divisionCode: string;
  readonly province: ProvinceCode;
  readonly kind: (typeof AGENCY_KINDS)[number];
  readonly roles: readonly Role[];
  readonly status: 'active' | 'inactive';
  /** SHA-256 of the public key (DER SubjectPublicKeyInfo), 64 hex */
  readonly keyDigest: string;
  readonly recordedAt: string;
  /** why the status or the key last changed */
  readonly reason?: string;
}

/** An auditor or a registrar has no other role: whoever checks or admits must not also act. */
export function checkRoles(roles: readonly Role[]): void {
  const alone = roles.includes('auditor') || roles.includes('registrar');
  if (alone && roles.length > 1) throw new Refusal('agency.roles');
}

/**
 * The certificate that an agency brings must be of the key that is registered, and name nobody.
 * @throws Refusal `request.invalid`, `privacy.personal-data`
 */
export function checkCertificate(certificate: string, holder: Holder): void {
  const fault = certificateFault(certificate, holder);
  if (fault) throw new Refusal(fault.code, { fields: [{ path: '/certificate', message: fault.message }] });
}

/** @throws Refusal `agency.not-found` */
export function loadAgency(tx: Tx, agencyId: string): Promise<AgencyRecord> {
  return load(tx, key('agency', agencyId), 'agency.not-found', agencyId);
}

/**
 * An agency that the calling registrar may change: one of its own province, and not itself, so that a
 * province never loses its last registrar to a slip.
 * @throws Refusal `agency.not-found`, `auth.province`, `auth.agency`
 */
export async function agencyUnderRegistrar(tx: Tx, agencyId: string): Promise<AgencyRecord> {
  const agency = await loadAgency(tx, agencyId);
  ensure(agency.province === tx.caller.province.code, 'auth.province');
  ensure(agencyId !== tx.caller.agencyId, 'auth.agency');
  return agency;
}
