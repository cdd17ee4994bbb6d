/** What audits answer with. */
import Type from 'typebox';
import {
  AgencyId,
  ClientIdReference,
  Code,
  Count,
  Hash,
  OneOf,
  Time,
  VersionNumber,
} from '../../../chaincode/schemas/primitives.js';
import { Purpose } from '../../../chaincode/transactions/grant/grant.js';
import { FINDINGS } from '../../audit/reconcile.js';

export const UnreconciledItem = Type.Object({
  useId: ClientIdReference,
  findings: Type.Array(OneOf(FINDINGS), { minItems: 1 }),
  releaseDueAt: Type.Optional({
    ...Time,
    description: 'until when a release is in time: one full working day after the day of the use',
  }),
  use: Type.Optional(
    Type.Object({
      grantId: ClientIdReference,
      dataSet: Code,
      version: VersionNumber,
      agency: AgencyId,
      provider: AgencyId,
      decision: OneOf(['permitted', 'denied']),
      purpose: Purpose,
      count: Count,
      time: Time,
      transaction: Hash,
    }),
  ),
  release: Type.Optional(
    Type.Object({ provider: AgencyId, recordCount: Count, releasedAt: Time, time: Time, transaction: Hash }),
  ),
});
