/**
 * Who signed. Two things must agree: the certificate (MSP, `agency` and `roles` attributes, public key)
 * and the agency's record on the ledger (active, province, roles, hash of the public key). So a role
 * change or a deactivation holds from the next block, and a certificate authority alone mints nothing.
 */
import type { ClientIdentity } from 'fabric-shim';
import { Refusal } from '../errors.js';
import { publicKeyDigest } from '../identifiers/agency-certificate.js';
import { type Province, provinceOfMsp } from '../provinces.js';
import { ROLES, type Role } from '../roles.js';
import { key } from '../state/keys.js';
import type { State } from '../state/state.js';
import type { AgencyRecord } from '../transactions/registry/agency.js';

export interface Credentials {
  readonly agencyId: string;
  readonly province: Province;
  readonly roles: readonly Role[];
  readonly keyDigest: string;
}

export interface Caller extends Credentials {
  readonly agency: AgencyRecord;
}

/** The X.509 attributes that carry an agency's id and its roles (comma-separated). */
export const AGENCY_ATTRIBUTE = 'agency';
export const ROLES_ATTRIBUTE = 'roles';

/** Pure, so remembering it per certificate changes no result; bounded so that it does not grow. */
const keyDigests = new Map<string, string>();

function keyDigestOf(pem: string): string {
  let digest = keyDigests.get(pem);
  if (!digest) {
    digest = publicKeyDigest(pem);
    if (keyDigests.size >= 1000) keyDigests.clear();
    keyDigests.set(pem, digest);
  }
  return digest;
}

/** What the certificate alone says. @throws Refusal `auth.invalid` when it names no agency of a member. */
export function credentials(identity: ClientIdentity): Credentials {
  const province = provinceOfMsp(identity.getMSPID());
  const agencyId = identity.getAttributeValue(AGENCY_ATTRIBUTE);
  if (!province || typeof agencyId !== 'string') throw new Refusal('auth.invalid');
  const named = identity.getAttributeValue(ROLES_ATTRIBUTE);
  const roles = typeof named === 'string' ? named.split(',') : [];
  const pem = Buffer.from(identity.getIDBytes()).toString('utf8');
  return { agencyId, province, roles: ROLES.filter((role) => roles.includes(role)), keyDigest: keyDigestOf(pem) };
}

/** @throws Refusal `auth.invalid` when ledger and certificate disagree or the agency is inactive. */
export async function caller(state: State, identity: ClientIdentity): Promise<Caller> {
  const found = credentials(identity);
  if (!/^[0-9A-Z]{18}$/.test(found.agencyId)) throw new Refusal('auth.invalid');
  const agency = await state.get<AgencyRecord>(key('agency', found.agencyId));
  if (agency?.status !== 'active' || agency.province !== found.province.code || agency.keyDigest !== found.keyDigest)
    throw new Refusal('auth.invalid');
  return { ...found, roles: found.roles.filter((role) => agency.roles.includes(role)), agency };
}
