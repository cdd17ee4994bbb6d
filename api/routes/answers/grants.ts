/** What grants and uses answer with. */
import Type from 'typebox';
import {
  AgencyId,
  ClientIdReference,
  Code,
  Digest,
  Hash,
  OneOf,
  ProvinceId,
  Subject,
  Time,
  VersionNumber,
} from '../../../chaincode/schemas/primitives.js';
import { DENIAL_REASONS } from '../../../chaincode/transactions/grant/denial.js';
import { FieldNames, Purpose } from '../../../chaincode/transactions/grant/grant.js';
import { GRANT_STATUSES } from '../../../chaincode/transactions/grant/grant-status.js';

const Count = Type.Integer({ minimum: 0 });

const Step = Type.Object({
  step: Type.String(),
  agency: AgencyId,
  recordedAt: Time,
  transaction: Hash,
  reason: Type.Optional(Code),
  legalBasis: Type.Optional(Type.String()),
  conditions: Type.Optional(Type.Unknown()),
  digest: Type.Optional(Digest),
  method: Type.Optional(Code),
});

export const GrantAnswer = Type.Object({
  grantId: ClientIdReference,
  dataSet: Code,
  version: VersionNumber,
  shareClass: OneOf(['unconditional', 'conditional']),
  province: ProvinceId,
  provider: AgencyId,
  grantee: AgencyId,
  granteeProvince: ProvinceId,
  purpose: Purpose,
  fields: FieldNames,
  subject: Type.Optional(Subject),
  caseId: Type.Optional(ClientIdReference),
  validFrom: Time,
  validTo: Time,
  maxUses: Type.Optional(Count),
  used: Type.Optional({ ...Count, description: 'uses taken, where the grant limits them' }),
  status: OneOf(GRANT_STATUSES),
  steps: Type.Array(Step),
  requestedAt: Time,
  answerDueAt: Type.Optional({ ...Time, description: 'while the provider owes an answer: when its working days are over' }),
  recordedAt: Time,
});

const attempt = {
  useId: ClientIdReference,
  agency: AgencyId,
  decision: OneOf(['permitted', 'denied']),
  reason: Type.Optional(OneOf(DENIAL_REASONS)),
  purpose: Purpose,
  fields: FieldNames,
  caseId: Type.Optional(ClientIdReference),
  subject: Type.Optional(Subject),
  count: Count,
  transaction: Hash,
};

export const UseItem = Type.Object({
  ...attempt,
  time: Time,
  release: Type.Optional(Type.Object({ releasedAt: Time, recordCount: Count, time: Time })),
});

export const UseAnswer = Type.Object({
  ...attempt,
  grantId: ClientIdReference,
  dataSet: Code,
  version: VersionNumber,
  provider: AgencyId,
  province: ProvinceId,
  queryDigest: Digest,
  remaining: Type.Optional(Count),
  recordedAt: Time,
});

export const ReleaseAnswer = Type.Object({
  useId: ClientIdReference,
  grantId: ClientIdReference,
  provider: AgencyId,
  responseDigest: Digest,
  recordCount: Count,
  releasedAt: Time,
  transaction: Hash,
  recordedAt: Time,
});
