/** What traces answer with. */
import Type from 'typebox';
import {
  AgencyId,
  CertificateId,
  ClientIdReference,
  Code,
  Hash,
  OneOf,
  ProvinceId,
  Subject,
  Time,
} from '../../../chaincode/schemas/primitives.js';
import { RECORD_TYPES } from '../../../chaincode/state/keys.js';
import { FieldNames } from '../../../chaincode/transactions/grant/grant.js';
import { CaseAnswer } from './cases.js';

const Count = Type.Integer({ minimum: 0 });

const done = {
  time: { ...Time, description: 'declared by the transaction' },
  block: Count,
  transaction: Hash,
  agency: { ...AgencyId, description: 'who did it' },
  province: ProvinceId,
  action: Type.String({ description: 'the transaction, `contract:Function`, as each write names its own' }),
  record: Type.Object(
    { type: OneOf(RECORD_TYPES), id: Type.String() },
    { description: 'the record that it wrote, such as a `use`, an `entry` of a case, a `grant`' },
  ),
  grant: Type.Optional(ClientIdReference),
  dataSet: Type.Optional(Code),
  certificate: Type.Optional(CertificateId),
  case: Type.Optional({ ...ClientIdReference, description: 'of a use as its agency states it' }),
  purpose: Type.Optional(Type.Object({ itemCode: Type.Optional(Code), code: Code })),
  fields: Type.Optional({ ...FieldNames, description: 'the fields that a use asked for' }),
  count: Type.Optional({ ...Count, description: 'uses that it counts for, or records in a batch' }),
  decision: Type.Optional(OneOf(['permitted', 'denied'], { description: 'of uses alone' })),
  reason: Type.Optional({ ...Code, description: 'why a use was denied; else the reason that was given' }),
};

export const TraceItem = Type.Object({
  ...done,
  subject: Type.Optional({
    ...Subject,
    description: 'whom it is about; of a use that names nobody, whom its grant or case is of',
  }),
});

export const OwnUse = Type.Object(done);

export const OwnCase = Type.Pick(CaseAnswer, [
  'caseId',
  'item',
  'mode',
  'channel',
  'status',
  'holder',
  'offer',
  'subcases',
  'parentCaseId',
  'pause',
  'openedAt',
  'dueAt',
  'decision',
  'recordedAt',
]);
