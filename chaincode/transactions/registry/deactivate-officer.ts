import { defineTransaction } from '../../runtime/definition.js';
import { ensure, load, recordedAt } from '../../runtime/tx.js';
import { Identifier } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { speaksForCentre } from './centre.js';
import type { OfficerRecord } from './officer.js';

/** By the centre, its province's registrar, or the host, which thereby declines or withdraws. For good. */
export const deactivateOfficer = defineTransaction({
  contract: 'registry',
  name: 'DeactivateOfficer',
  roles: 'any',
  path: { officerId: Identifier },
  body: {},
  async apply(tx, { officerId }) {
    const before = await load<OfficerRecord>(tx, key('officer', officerId), 'officer.not-found', officerId);
    const { agencyId } = tx.caller;
    ensure(agencyId === before.hostCentreId || speaksForCentre(tx, before), 'auth.agency');
    ensure(before.status !== 'inactive', 'officer.state', { state: before.status });
    const record: OfficerRecord = {
      ...before,
      status: 'inactive',
      deactivatedBy: agencyId,
      recordedAt: recordedAt(tx, before),
    };
    tx.state.put(key('officer', officerId), record);
    return { ...record };
  },
});
