import { defineTransaction } from '../../runtime/definition.js';
import { ensure, recordedAt } from '../../runtime/tx.js';
import { AgencyId } from '../../schemas/primitives.js';
import { refuseField } from '../../schemas/refuse-field.js';
import { loadAgency } from './agency.js';
import { ensureSpeaksForCentre, loadCentre } from './centre.js';
import { type PartnerRecord, partnerKey } from './partner.js';

/** By the centre or its province's registrar; again after a withdrawal, never over a standing proposal. */
export const proposePartner = defineTransaction({
  contract: 'registry',
  name: 'ProposePartner',
  roles: 'any',
  path: { centreId: AgencyId },
  body: { partner: AgencyId },
  async apply(tx, { centreId, partner }) {
    if (partner === centreId) refuseField('/partner', 'a centre is not its own partner');
    const centre = await loadCentre(tx, centreId);
    const { status } = await loadAgency(tx, partner);
    ensureSpeaksForCentre(tx, centre);
    const before = await tx.state.get<PartnerRecord>(partnerKey(centreId, partner));
    ensure(before === undefined || before.status === 'withdrawn', 'partner.exists', { id: partner });
    ensure(status === 'active', 'agency.state', { state: status });
    const record: PartnerRecord = {
      centreId,
      partner,
      status: 'proposed',
      proposedBy: tx.caller.agencyId,
      recordedAt: recordedAt(tx, before),
    };
    tx.state.put(partnerKey(centreId, partner), record);
    return { ...record };
  },
});
