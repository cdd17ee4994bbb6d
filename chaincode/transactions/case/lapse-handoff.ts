import { defineTransaction } from '../../runtime/definition.js';
import { ensure } from '../../runtime/tx.js';
import { ClientIdReference } from '../../schemas/primitives.js';
import { isBefore } from '../../time.js';
import { endOffer, ensureHandoff, loadHandoff } from './handoff.js';
import { HandoffNumber } from './handoff-number.js';
import { CASE_ROLES } from './roles.js';

/** Anyone with a role on cases may record that an offer ran out: a silent receiver cannot hold up a case. */
export const lapseHandoff = defineTransaction({
  contract: 'case',
  name: 'LapseHandoff',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference, handoff: HandoffNumber },
  body: {},
  async apply(tx, { caseId, handoff: number }) {
    const { record, handoff } = await loadHandoff(tx, caseId, number);
    ensureHandoff(handoff, 'open');
    ensure(isBefore(handoff.dueAt, tx.time), 'handoff.state', { state: handoff.status });
    return { ...endOffer(tx, record, handoff, 'lapsed', 'handoff-lapse') };
  },
});
