import { defineTransaction } from '../../runtime/definition.js';
import { AgencyId } from '../../schemas/primitives.js';
import { movePartner } from './partner.js';

/** The partner declines a proposal or leaves a partnership. */
export const withdrawPartner = defineTransaction({
  contract: 'registry',
  name: 'WithdrawPartner',
  roles: 'any',
  path: { centreId: AgencyId, partner: AgencyId },
  body: {},
  async apply(tx, input) {
    return { ...(await movePartner(tx, input, ['proposed', 'accepted'], 'withdrawn')) };
  },
});
