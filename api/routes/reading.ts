/** Who reads what is not for everybody. */
import type { Principal } from '../auth/principal.js';

/** Auditors of any province see every case, grant and use; what they look at is recorded where the rules ask for it. */
export function seesAll(principal: Principal): boolean {
  return principal.roles.includes('auditor');
}
