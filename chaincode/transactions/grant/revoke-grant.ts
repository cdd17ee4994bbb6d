import { defineTransaction } from '../../runtime/definition.js';
import { Code } from '../../schemas/primitives.js';
import { grantPath, providedGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The provider takes the grant back for good. */
export const revokeGrant = defineTransaction({
  contract: 'grant',
  name: 'RevokeGrant',
  roles: ['data-provider'],
  path: grantPath,
  body: { reason: Code },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(
      tx,
      await providedGrant(tx, grantId),
      { from: ['active', 'suspended'], step: 'revoked', to: 'revoked' },
      facts,
    );
  },
});
