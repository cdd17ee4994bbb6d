import { defineTransaction } from '../../runtime/definition.js';
import { Digest } from '../../schemas/primitives.js';
import { grantPath, heldGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The grantee supplies what was asked for; the request waits for its answer again. */
export const submitSupplement = defineTransaction({
  contract: 'grant',
  name: 'SubmitSupplement',
  roles: ['data-user'],
  path: grantPath,
  body: { digest: Digest },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(tx, await heldGrant(tx, grantId), { from: ['supplement'], step: 'supplemented', to: 'requested' }, facts);
  },
});
