/** What cases answer with. */
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
import { CASE_STATUSES, CHANNELS, OUTCOMES } from '../../../chaincode/transactions/case/case-record.js';
import { CUSTODY_EVENTS } from '../../../chaincode/transactions/case/custody.js';
import { ENTRY_TYPES } from '../../../chaincode/transactions/case/entry.js';
import { SessionBody } from '../../../chaincode/transactions/case/session.js';
import { MODES } from '../../../chaincode/transactions/catalogue/service-item.js';

const Party = Type.Object({ province: ProvinceId, agency: AgencyId });
const Count = Type.Integer({ minimum: 0 });

export const CaseAnswer = Type.Object({
  caseId: ClientIdReference,
  item: Type.Object({ code: Code, version: VersionNumber }),
  mode: OneOf(MODES),
  channel: OneOf(CHANNELS),
  subject: Subject,
  status: OneOf(CASE_STATUSES),
  opener: Party,
  holder: Party,
  heldUnder: Count,
  offer: Type.Optional(Type.Object({ number: Count, to: AgencyId, dueAt: Time })),
  handoffs: Count,
  subcases: Type.Array(ClientIdReference),
  parentCaseId: Type.Optional(ClientIdReference),
  proactive: Type.Optional(
    Type.Object({
      rule: Code,
      policyVersion: Code,
      grantId: ClientIdReference,
      entitlement: OneOf(['no-application', 'fast']),
    }),
  ),
  routeDone: Count,
  custody: Type.Optional(OneOf(CUSTODY_EVENTS)),
  pause: Type.Optional(Type.Object({ since: Time, reason: Code, until: Type.Optional(Time) })),
  openedAt: Time,
  dueAt: Type.Optional(Time),
  decision: Type.Optional(
    Type.Object({ outcome: OneOf(OUTCOMES), reasonCode: Type.Optional(Code), certificates: Type.Array(Type.String()) }),
  ),
  entries: { ...Count, description: 'how many entries the timeline has' },
  head: { ...Hash, description: '`hash` of the last entry' },
  recordedAt: Time,
});

export const TimelineEntry = Type.Object({
  number: Type.Integer({ minimum: 1 }),
  type: OneOf(ENTRY_TYPES),
  time: Time,
  agency: AgencyId,
  transaction: Hash,
  previousHash: { ...Hash, description: '`hash` of the entry before; 64 zeros before the first' },
  hash: { ...Hash, description: 'SHA-256 over the RFC 8785 form of the entry without `hash`' },
  data: Type.Record(Type.String(), Type.Unknown()),
});

export const HandoffAnswer = Type.Object({
  caseId: ClientIdReference,
  number: Type.Integer({ minimum: 1 }),
  from: AgencyId,
  fromProvince: ProvinceId,
  to: AgencyId,
  toProvince: ProvinceId,
  reason: Code,
  manifest: Type.Array(Type.Object({ code: Code, digest: Digest })),
  dueAt: Time,
  answerDueAt: Type.Optional({
    ...Time,
    description: 'while it is open: the earlier of `dueAt` and the end of the working days for an answer',
  }),
  status: OneOf(['open', 'accepted', 'rejected', 'recalled', 'lapsed', 'returned']),
  heldUnder: Count,
  offeredAt: Time,
  settledAt: Type.Optional(Time),
  rejection: Type.Optional(Type.Object({ reason: Code })),
  return: Type.Optional(Type.Object({ reason: Code, findingsDigest: Digest, returnedAt: Time })),
  recordedAt: Time,
});

export const SessionAnswer = Type.Object({
  ...SessionBody,
  caseId: ClientIdReference,
  centre: AgencyId,
  status: OneOf(['recorded', 'acknowledged']),
  acknowledgedAt: Type.Optional(Time),
  recordedAt: Time,
});
