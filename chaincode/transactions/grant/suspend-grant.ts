import { defineTransaction } from '../../runtime/definition.js';
import { Code } from '../../schemas/primitives.js';
import { grantPath, providedGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The provider stops the uses for the time being. */
export const suspendGrant = defineTransaction({
  contract: 'grant',
  name: 'SuspendGrant',
  roles: ['data-provider'],
  path: grantPath,
  body: { reason: Code },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(tx, await providedGrant(tx, grantId), { from: ['active'], step: 'suspended', to: 'suspended' }, facts);
  },
});
