import { defineTransaction } from '../../runtime/definition.js';
import { ClientIdReference } from '../../schemas/primitives.js';
import { append } from './entry.js';
import { heldCase } from './parties.js';
import { CASE_ROLES } from './roles.js';

/** Closes a decided case: nothing is written to it any more. A withdrawn one ended with its decision. */
export const closeCase = defineTransaction({
  contract: 'case',
  name: 'CloseCase',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: {},
  async apply(tx, { caseId }) {
    const record = await heldCase(tx, caseId, ['decided']);
    return { ...append(tx, record, { ...record, status: 'closed' }, 'closure', {}).record };
  },
});
