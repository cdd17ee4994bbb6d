import { defineTransaction } from '../../runtime/definition.js';
import { ClientIdReference, Digest, OneOf } from '../../schemas/primitives.js';
import { ensureStatus, loadCase, UNDER_WAY } from './case-record.js';
import { append } from './entry.js';
import { holds, isResponsible, notHolder } from './parties.js';
import { ACTING_ROLES } from './roles.js';

/** Online pre-review 线上预审: by the holder, or by a responsible department of the item in any province. */
export const recordPreReview = defineTransaction({
  contract: 'case',
  name: 'RecordPreReview',
  roles: ACTING_ROLES,
  path: { caseId: ClientIdReference },
  body: { result: OneOf(['pass', 'correct', 'refuse']), findingsDigest: Digest },
  async apply(tx, { caseId, ...review }) {
    const record = await loadCase(tx, caseId);
    if (!holds(tx, record) && !(await isResponsible(tx, record, tx.caller.agency))) throw await notHolder(tx, record);
    ensureStatus(record, UNDER_WAY);
    return { ...append(tx, record, record, 'pre-review', review).entry };
  },
});
