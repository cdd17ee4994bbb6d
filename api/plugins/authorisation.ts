/** Whether the caller may use a route at all; whether it may touch a certain thing is asked later, of that thing. */
import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import type { Role } from '../../chaincode/roles.js';
import { principalOf } from '../auth/authentication.js';
import { Problem } from '../http/problem.js';
import type { Settings } from '../settings.js';

/** A hook for routes that ask for one of some roles; `any` asks only for an active agency. */
export function requireRole(settings: Settings, roles: readonly Role[] | 'any'): onRequestAsyncHookHandler {
  return async (request: FastifyRequest) => {
    const principal = principalOf(request);
    // What any agency may do, a registrar may do to others' things too: not with a credential that is not one's.
    if (roles === 'any' && principal.withheld.includes('registrar')) throw new Problem('auth.role');
    if (roles !== 'any' && !roles.some((role) => principal.roles.includes(role))) throw new Problem('auth.role');
    // An API of one province signs for its own agencies only; the others have an API of their own.
    if (settings.province !== undefined && principal.province !== settings.province) throw new Problem('auth.province');
  };
}
