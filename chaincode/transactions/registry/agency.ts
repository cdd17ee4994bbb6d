/** The agency 机构 record, and the rules its roles keep. */
import { Refusal } from '../../errors.js';
import type { ProvinceCode } from '../../provinces.js';
import type { AGENCY_KINDS, Role } from '../../roles.js';

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
  /** why the status last changed */
  readonly reason?: string;
}

/** An auditor or a registrar has no other role: whoever checks or admits must not also act. */
export function checkRoles(roles: readonly Role[]): void {
  const alone = roles.includes('auditor') || roles.includes('registrar');
  if (alone && roles.length > 1) throw new Refusal('agency.roles');
}
