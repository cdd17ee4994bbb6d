import { defineTransaction } from '../../runtime/definition.js';
import { recordedAt } from '../../runtime/tx.js';
import { AgencyId, ListOf, RoleName } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';
import { type AgencyRecord, agencyUnderRegistrar, checkRoles } from './agency.js';

/** Replaces an agency's roles, also an inactive one's: roles may be cut before it comes back. */
export const setAgencyRoles = defineTransaction({
  contract: 'registry',
  name: 'SetAgencyRoles',
  roles: ['registrar'],
  path: { agencyId: AgencyId },
  body: { roles: ListOf(RoleName, 1, 8) },
  async apply(tx, { agencyId, roles }) {
    checkRoles(roles);
    const agency = await agencyUnderRegistrar(tx, agencyId);
    const record: AgencyRecord = { ...agency, roles, recordedAt: recordedAt(tx, agency) };
    tx.state.put(key('agency', agencyId), record);
    return { ...record };
  },
});
