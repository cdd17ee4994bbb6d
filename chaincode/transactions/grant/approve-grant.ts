import Type from 'typebox';
import { defineTransaction } from '../../runtime/definition.js';
import { Code, ListOf, Text } from '../../schemas/primitives.js';
import { grantPath, providedGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The provider agrees; conditions are codes, or one sentence that is screened for personal data. */
export const approveGrant = defineTransaction({
  contract: 'grant',
  name: 'ApproveGrant',
  roles: ['data-provider'],
  path: grantPath,
  body: { conditions: Type.Optional(Type.Union([Text(200), ListOf(Code, 1, 20)])) },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(tx, await providedGrant(tx, grantId), { from: ['requested'], step: 'approved', to: 'active' }, facts);
  },
});
