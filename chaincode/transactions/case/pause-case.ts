import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference, Code, Time } from '../../schemas/primitives.js';
import { UNDER_WAY } from './case-record.js';
import { append } from './entry.js';
import { heldCase } from './parties.js';
import { CASE_ROLES } from './roles.js';

export const pauseCase = defineTransaction({
  contract: 'case',
  name: 'PauseCase',
  roles: CASE_ROLES,
  path: { caseId: ClientIdReference },
  body: { reason: Code, until: Type.Optional(Time) },
  async apply(tx, { caseId, ...given }) {
    const record = await heldCase(tx, caseId, UNDER_WAY);
    ensure(record.pause === undefined, 'case.state', { state: 'paused' });
    const pause = { since: recordedAt(tx, record), ...given };
    return { ...append(tx, record, { ...record, pause }, 'pause', given).record };
  },
});
