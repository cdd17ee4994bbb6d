import { defineTransaction } from '../../runtime/definition.js';
import { grantPath, heldGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The grantee ends the grant, because its purpose is met. */
export const endGrant = defineTransaction({
  contract: 'grant',
  name: 'EndGrant',
  roles: ['data-user'],
  path: grantPath,
  body: {},
  async apply(tx, { grantId }) {
    return takeStep(tx, await heldGrant(tx, grantId), { from: ['active', 'suspended'], step: 'ended', to: 'ended' });
  },
});
