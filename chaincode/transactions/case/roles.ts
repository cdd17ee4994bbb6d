/** Which roles write about cases. */
import type { Role } from '../../roles.js';

/** The roles that open, hold and move cases. */
export const CASE_ROLES: readonly Role[] = ['case-handler', 'application'];

/** Every role but those that check or admit: for what the named department, centre or counterpart does itself. */
export const ACTING_ROLES: readonly Role[] = [
  ...CASE_ROLES,
  'catalogue-editor',
  'certificate-issuer',
  'data-provider',
  'data-user',
];
