import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ClientIdReference, Code, Digest, OneOf } from '../../schemas/primitives.js';
import { ensureStatus, loadCase, NOT_CLOSED } from './case-record.js';
import { CUSTODY_EVENTS, ensureCustodyOrder } from './custody.js';
import { append } from './entry.js';
import { holds, loadParty, notHolder } from './parties.js';
import { CASE_ROLES } from './roles.js';

/** By the holder, by whom the case is offered to, or by whoever accepted a hand-off of it and did not return it. */
export const recordCustody = defineTransaction({
  contract: 'case',
  name: 'RecordCustody',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: {
    event: OneOf(CUSTODY_EVENTS),
    parcelDigest: Digest,
    pieces: Type.Integer({ minimum: 1, maximum: 10_000 }),
    carrier: Type.Optional(Code),
  },
  async apply(tx, { caseId, ...step }) {
    const record = await loadCase(tx, caseId);
    const { agencyId } = tx.caller;
    if (!holds(tx, record) && record.offer?.to !== agencyId) {
      const party = await loadParty(tx, caseId, agencyId);
      if (!party || party.accepted === 0) throw await notHolder(tx, record);
    }
    ensureStatus(record, NOT_CLOSED);
    ensureCustodyOrder(record.custody, step.event);
    return { ...append(tx, record, { ...record, custody: step.event }, 'custody', step).entry };
  },
});
