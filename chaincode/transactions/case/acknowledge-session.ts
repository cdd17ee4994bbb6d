import { defineTransaction } from '../../runtime/definition.js';
import { ensure, load, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference, Identifier } from '../../schemas/primitives.js';
import { ensureStatus, loadCase, NOT_CLOSED } from './case-record.js';
import { append } from './entry.js';
import { admit } from './parties.js';
import { ACTING_ROLES } from './roles.js';
import { type SessionRecord, sessionKey } from './session.js';

/** The counterpart confirms that the session took place as recorded; its centre is a party of the case from now on. */
export const acknowledgeSession = defineTransaction({
  contract: 'case',
  name: 'AcknowledgeSession',
  roles: ACTING_ROLES,
  path: { caseId: ClientIdReference, sessionId: Identifier },
  body: {},
  async apply(tx, { caseId, sessionId }) {
    const record = await loadCase(tx, caseId);
    const session = await load<SessionRecord>(tx, sessionKey(caseId, sessionId), 'session.not-found', sessionId);
    ensure(session.counterpart === tx.caller.agencyId, 'auth.agency');
    ensure(session.status === 'recorded', 'session.state', { state: session.status });
    ensureStatus(record, NOT_CLOSED);
    const time = recordedAt(tx, record);
    await admit(tx, caseId, session.centre);
    append(tx, record, record, 'session-acknowledgement', { sessionId });
    const acknowledged: SessionRecord = { ...session, status: 'acknowledged', acknowledgedAt: time, recordedAt: time };
    tx.state.put(sessionKey(caseId, sessionId), acknowledged);
    return { ...acknowledged };
  },
});
