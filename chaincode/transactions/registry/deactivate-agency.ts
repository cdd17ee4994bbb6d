import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId, Code } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { type AgencyRecord, agencyUnderRegistrar } from './agency.js';

export const deactivateAgency = defineTransaction({
  contract: 'registry',
  name: 'DeactivateAgency',
  roles: ['registrar'],
  path: { agencyId: AgencyId },
  body: { reason: Code },
  async apply(tx, { agencyId, reason }) {
    const agency = await agencyUnderRegistrar(tx, agencyId);
    ensure(agency.status === 'active', 'agency.state', { state: agency.status });
    const record: AgencyRecord = { ...agency, status: 'inactive', reason, recordedAt: recordedAt(tx, agency) };
    tx.state.put(key('agency', agencyId), record);
    return { ...record };
  },
});
