import { defineTransaction } from '../../runtime/definition.js';
import { ensure, load, recordedAt } from '../../runtime/tx.js';
import { Identifier } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import type { OfficerRecord } from './officer.js';

/** By the host centre itself, whatever its roles. */
export const acceptOfficer = defineTransaction({
  contract: 'registry',
  name: 'AcceptOfficer',
  roles: 'any',
  path: { officerId: Identifier },
  body: {},
  async apply(tx, { officerId }) {
    const before = await load<OfficerRecord>(tx, key('officer', officerId), 'officer.not-found', officerId);
    ensure(tx.caller.agencyId === before.hostCentreId, 'auth.agency');
    ensure(before.status === 'proposed', 'officer.state', { state: before.status });
    const time = recordedAt(tx, before);
    const record: OfficerRecord = { ...before, status: 'active', acceptedAt: time, recordedAt: time };
    tx.state.put(key('officer', officerId), record);
    return { ...record };
  },
});
