import { defineTransaction } from '../../runtime/definition.js';
import { Code, LegalBasis } from '../../schemas/primitives.js';
import { grantPath, providedGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The provider refuses, saying why and on which legal basis; also when a supplement it asked for never came. */
export const refuseGrant = defineTransaction({
  contract: 'grant',
  name: 'RefuseGrant',
  roles: ['data-provider'],
  path: grantPath,
  body: { reason: Code, legalBasis: LegalBasis },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(
      tx,
      await providedGrant(tx, grantId),
      { from: ['requested', 'supplement'], step: 'refused', to: 'refused' },
      facts,
    );
  },
});
