import { defineTransaction } from '../../runtime/definition.js';
import { ensure } from '../../runtime/tx.js';
import { ClientIdReference } from '../../schemas/primitives.js';
import { endOffer, ensureHandoff, loadHandoff } from './handoff.js';
import { HandoffNumber } from './handoff-number.js';
import { CASE_ROLES } from './roles.js';

export const recallHandoff = defineTransaction({
  contract: 'case',
  name: 'RecallHandoff',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference, handoff: HandoffNumber },
  body: {},
  async apply(tx, { caseId, handoff: number }) {
    const { record, handoff } = await loadHandoff(tx, caseId, number);
    ensure(handoff.from === tx.caller.agencyId, 'auth.agency');
    ensureHandoff(handoff, 'open');
    return { ...endOffer(tx, record, handoff, 'recalled', 'handoff-recall') };
  },
});
