import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference } from '../../schemas/primitives.js';
import { ensureHandoff, loadHandoff, moveHandoff, withoutOffer } from './handoff.js';
import { HandoffNumber } from './handoff-number.js';
import { admit } from './parties.js';
import { CASE_ROLES } from './roles.js';

/**
 * The receiver takes the case. An offer stays open until it is settled or its lapse is recorded, so an
 * acceptance after its due time is good as long as nobody was quicker.
 */
export const acceptHandoff = defineTransaction({
  contract: 'case',
  name: 'AcceptHandoff',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference, handoff: HandoffNumber },
  body: {},
  async apply(tx, { caseId, handoff: number }) {
    const { record, handoff } = await loadHandoff(tx, caseId, number);
    ensure(handoff.to === tx.caller.agencyId, 'auth.agency');
    ensureHandoff(handoff, 'open');
    const holder = { province: tx.caller.province.code, agency: tx.caller.agencyId };
    await admit(tx, caseId, holder.agency, 1);
    const accepted = { ...handoff, status: 'accepted' as const, settledAt: recordedAt(tx, record) };
    const moved = { ...withoutOffer(record), holder, heldUnder: number };
    return { ...moveHandoff(tx, record, moved, accepted, 'handoff-acceptance', { holder }) };
  },
});
