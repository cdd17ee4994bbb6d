import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference } from '../../schemas/primitives.js';
import { UNDER_WAY } from './case-record.js';
import { append } from './entry.js';
import { heldCase } from './parties.js';
import { resumed, stoodStill } from './pause.js';
import { CASE_ROLES } from './roles.js';

/** Ends a pause; the case's due date moves on by as long as the clock stood still. */
export const resumeCase = defineTransaction({
  contract: 'case',
  name: 'ResumeCase',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: {},
  async apply(tx, { caseId }) {
    const record = await heldCase(tx, caseId, UNDER_WAY);
    const { pause } = record;
    ensure(pause !== undefined, 'case.state', { state: record.status });
    const time = recordedAt(tx, record);
    const after = resumed(record, time);
    const { dueAt } = after;
    const data = { stoodStillMilliseconds: stoodStill(pause, time), ...(dueAt === undefined ? {} : { dueAt }) };
    return { ...append(tx, record, after, 'resumption', data).record };
  },
});
