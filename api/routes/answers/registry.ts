/** What the registry answers with. */
import Type from 'typebox';
import { AGENCY_KINDS } from '../../../chaincode/roles.js';
import {
  AgencyId,
  Code,
  Digest,
  DivisionCode,
  Duty,
  Hash,
  Identifier,
  OneOf,
  ProvinceId,
  RoleName,
  Time,
  VersionNumber,
} from '../../../chaincode/schemas/primitives.js';

export const NameAnswer = Type.Object({ zh: Type.String(), en: Type.Optional(Type.String()) });

export const AgencyAnswer = Type.Object({
  agencyId: AgencyId,
  name: NameAnswer,
  divisionCode: DivisionCode,
  province: ProvinceId,
  kind: OneOf(AGENCY_KINDS),
  roles: Type.Array(RoleName),
  status: OneOf(['active', 'inactive']),
  keyDigest: Hash,
  reason: Type.Optional(Code),
  recordedAt: Time,
});

export const AgencyVersion = Type.Object({
  record: AgencyAnswer,
  transaction: Type.Object({ id: Hash, block: Type.Integer(), time: Time }),
});

export const InstrumentAnswer = Type.Object({
  code: Code,
  title: NameAnswer,
  issuer: Type.String(),
  effectiveFrom: Time,
  digest: Digest,
  province: ProvinceId,
  registeredBy: AgencyId,
  recordedAt: Time,
});

export const FeatureAnswer = Type.Object({
  feature: Code,
  status: OneOf(['proposed', 'active']),
  approvals: Type.Array(Type.Object({ province: ProvinceId, agency: AgencyId, time: Time, transaction: Hash })),
  recordedAt: Time,
});

export const PartnerAnswer = Type.Object({
  centreId: AgencyId,
  partner: AgencyId,
  status: OneOf(['proposed', 'accepted', 'withdrawn']),
  proposedBy: AgencyId,
  recordedAt: Time,
});

export const CentreRecordAnswer = Type.Object({
  centreId: AgencyId,
  province: ProvinceId,
  name: NameAnswer,
  divisionCode: DivisionCode,
  standard: Type.Object({ code: Code, version: VersionNumber }),
  pilot: Type.Optional(Type.Boolean()),
  validFrom: Time,
  validTo: Type.Optional(Time),
  contractDigest: Digest,
  registeredBy: AgencyId,
  recordedAt: Time,
});

export const CentreAnswer = Type.Object({ ...CentreRecordAnswer.properties, partners: Type.Array(PartnerAnswer) });

export const OfficerAnswer = Type.Object({
  officerId: Identifier,
  centreId: AgencyId,
  province: ProvinceId,
  hostCentreId: Type.Optional(AgencyId),
  servesProvinces: Type.Array(ProvinceId),
  duties: Type.Array(Duty),
  validFrom: Time,
  validTo: Time,
  status: OneOf(['proposed', 'active', 'inactive']),
  registeredBy: AgencyId,
  acceptedAt: Type.Optional(Time),
  deactivatedBy: Type.Optional(AgencyId),
  recordedAt: Time,
});
