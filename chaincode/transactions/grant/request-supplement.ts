import { defineTransaction } from '../../runtime/definition.js';
import { Code } from '../../schemas/primitives.js';
import { grantPath, providedGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The provider asks for more, at most once for each request (State Council Decree 809). */
export const requestSupplement = defineTransaction({
  contract: 'grant',
  name: 'RequestSupplement',
  roles: ['data-provider'],
  path: grantPath,
  body: { reason: Code },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(
      tx,
      await providedGrant(tx, grantId),
      { from: ['requested'], step: 'supplement-requested', to: 'supplement', once: true },
      facts,
    );
  },
});
