import { defineTransaction } from '../../runtime/definition.js';
import { AgencyId } from '../../schemas/primitives.js';
import { movePartner } from './partner.js';

export const acceptPartner = defineTransaction({
  contract: 'registry',
  name: 'AcceptPartner',
  roles: 'any',
  path: { centreId: AgencyId, partner: AgencyId },
  body: {},
  async apply(tx, input) {
    return { ...(await movePartner(tx, input, ['proposed'], 'accepted')) };
  },
});
