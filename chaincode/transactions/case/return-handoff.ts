import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference, Code, Digest } from '../../schemas/primitives.js';
import { ensureStatus } from './case-record.js';
import { ensureHandoff, loadHandoff, moveHandoff, withoutOffer } from './handoff.js';
import { HandoffNumber } from './handoff-number.js';
import { admit, holds, notHolder } from './parties.js';
import { CASE_ROLES } from './roles.js';

/**
 * The receiver, still holding the case under this very hand-off, gives it back: the offerer holds it at
 * once, as it did before. Once, because the hand-off is then `returned`.
 */
export const returnHandoff = defineTransaction({
  contract: 'case',
  name: 'ReturnHandoff',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference, handoff: HandoffNumber },
  body: { reason: Code, findingsDigest: Digest },
  async apply(tx, { caseId, handoff: number, reason, findingsDigest }) {
    const { record, handoff } = await loadHandoff(tx, caseId, number);
    ensure(handoff.to === tx.caller.agencyId, 'auth.agency');
    ensureHandoff(handoff, 'accepted');
    if (!holds(tx, record)) throw await notHolder(tx, record);
    ensure(record.heldUnder === number, 'handoff.state', { state: 'handed-on' });
    ensureStatus(record, ['open']);

    const holder = { province: handoff.fromProvince, agency: handoff.from };
    await admit(tx, caseId, handoff.to, -1);
    const findings = { reason, findingsDigest };
    const returned = { ...handoff, status: 'returned' as const, return: { ...findings, returnedAt: recordedAt(tx, record) } };
    const moved = { ...withoutOffer(record), holder, heldUnder: handoff.heldUnder };
    return { ...moveHandoff(tx, record, moved, returned, 'handoff-return', { ...findings, holder }) };
  },
});
