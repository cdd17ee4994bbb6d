/** A grant's status at a time, and what may follow which status. Pure: contract and API share it. */
import { isBefore } from '../../time.js';

export const GRANT_STATUSES = [
  'requested',
  'supplement',
  'active',
  'suspended',
  'refused',
  'revoked',
  'ended',
  'expired',
] as const;
export type GrantStatus = (typeof GRANT_STATUSES)[number];

/**
 * The status at a time. Only a grant in force runs out, after the instant of `validTo`; a request that
 * was never answered stays a request, so that the missing answer stays in sight.
 */
export function grantStatus(grant: { readonly status: GrantStatus; readonly validTo: string }, at: string): GrantStatus {
  const inForce = grant.status === 'active' || grant.status === 'suspended';
  return inForce && isBefore(grant.validTo, at) ? 'expired' : grant.status;
}
