import { defineTransaction } from '../../runtime/definition.js';
import { absent, ensure, load, recordedAt } from '../../runtime/tx.js';
import { ClientIdReference } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { key } from '../../state/keys.js';
import { isBefore } from '../../time.js';
import { loadAgency } from '../registry/agency.js';
import type { OfficerRecord } from '../registry/officer.js';
import { ensureStatus, loadCase, UNDER_WAY } from './case-record.js';
import { append } from './entry.js';
import { admit, isConcerned } from './parties.js';
import { ACTING_ROLES } from './roles.js';
import { ensureOfficerFit, SessionBody, type SessionRecord, sessionKey } from './session.js';

/**
 * The officer's centre records a session, whether it holds the case or not; the counterpart becomes a party. One of the
 * two has to do with the case already: no two agencies make each other readers of any case they like. A centre that is
 * none yet becomes a party when the counterpart acknowledges the session.
 */
export const recordSession = defineTransaction({
  contract: 'case',
  name: 'RecordSession',
  roles: ACTING_ROLES,
  path: { caseId: ClientIdReference },
  body: SessionBody,
  async apply(tx, { caseId, ...session }) {
    if (isBefore(session.endedAt, session.startedAt)) refuseField('/endedAt', 'is before the start');
    if (session.counterpart === tx.caller.agencyId) refuseField('/counterpart', 'is the centre itself');
    const record = await loadCase(tx, caseId);
    const officer = await load<OfficerRecord>(tx, key('officer', session.officerId), 'case.officer', session.officerId);
    const counterpart = await loadAgency(tx, session.counterpart);
    ensure(officer.centreId === tx.caller.agencyId, 'auth.agency');
    await absent(tx, sessionKey(caseId, session.sessionId), 'session.exists', session.sessionId);
    ensure(counterpart.status === 'active', 'agency.state', { state: counterpart.status, id: counterpart.agencyId });
    const isJoined = (await isConcerned(tx, record, tx.caller.agency)) || (await isConcerned(tx, record, counterpart));
    ensure(isJoined, 'auth.agency');
    ensureStatus(record, UNDER_WAY);
    await ensureOfficerFit(tx, record, officer, session, counterpart);

    await admit(tx, caseId, session.counterpart);
    append(tx, record, record, 'session', session);
    const recorded: SessionRecord = {
      ...session,
      caseId,
      centre: tx.caller.agencyId,
      status: 'recorded',
      recordedAt: recordedAt(tx, record),
    };
    tx.state.put(sessionKey(caseId, session.sessionId), recorded);
    return { ...recorded };
  },
});
