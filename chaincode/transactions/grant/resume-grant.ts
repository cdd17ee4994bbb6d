import { defineTransaction } from '../../runtime/definition.js';
import { Code } from '../../schemas/primitives.js';
import { grantPath, providedGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The provider lets a suspended grant go on. */
export const resumeGrant = defineTransaction({
  contract: 'grant',
  name: 'ResumeGrant',
  roles: ['data-provider'],
  path: grantPath,
  body: { reason: Code },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(tx, await providedGrant(tx, grantId), { from: ['suspended'], step: 'resumed', to: 'active' }, facts);
  },
});
