import { defineTransaction } from '../../runtime/definition.js';
import { ensure } from '../../runtime/tx.js';
import { ClientIdReference, Code } from '../../schemas/primitives.js';
import { endOffer, ensureHandoff, loadHandoff } from './handoff.js';
import { HandoffNumber } from './handoff-number.js';
import { CASE_ROLES } from './roles.js';

export const rejectHandoff = defineTransaction({
  contract: 'case',
  name: 'RejectHandoff',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference, handoff: HandoffNumber },
  body: { reason: Code },
  async apply(tx, { caseId, handoff: number, reason }) {
    const { record, handoff } = await loadHandoff(tx, caseId, number);
    ensure(handoff.to === tx.caller.agencyId, 'auth.agency');
    ensureHandoff(handoff, 'open');
    return { ...endOffer(tx, record, handoff, 'rejected', 'handoff-rejection', { reason }) };
  },
});
