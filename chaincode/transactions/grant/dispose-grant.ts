import { defineTransaction } from '../../runtime/definition.js';
import { Code, Digest } from '../../schemas/primitives.js';
import { grantPath, heldGrant } from './grant.js';
import { takeStep } from './take-step.js';

/** The grantee declares, once the grant is over, how the data were destroyed or returned; its status stays what it was. */
export const disposeGrant = defineTransaction({
  contract: 'grant',
  name: 'DisposeGrant',
  roles: ['data-user'],
  path: grantPath,
  body: { method: Code, digest: Digest },
  async apply(tx, { grantId, ...facts }) {
    return takeStep(
      tx,
      await heldGrant(tx, grantId),
      { from: ['ended', 'revoked', 'expired'], step: 'disposed', once: true },
      facts,
    );
  },
});
