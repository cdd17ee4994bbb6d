/** What the catalogue answers with. */
import Type from 'typebox';
import {
  AgencyId,
  Code,
  Count,
  Digest,
  Hash,
  OneOf,
  ProvinceId,
  Time,
  VersionNumber,
} from '../../../chaincode/schemas/primitives.js';
import { CATALOGUE_KINDS } from '../../../chaincode/transactions/catalogue/catalogue-version.js';

const Kind = OneOf(CATALOGUE_KINDS);
const Act = Type.Object({ province: ProvinceId, agency: AgencyId, time: Time, transaction: Hash });
const Vote = Type.Object({
  ...Act.properties,
  vote: OneOf(['approve', 'reject']),
  contentDigest: Hash,
  reason: Type.Optional(Code),
});

const Consultation = Type.Object({
  opensAt: Time,
  closesAt: Time,
  noticeDigest: Digest,
  openedAt: Time,
  result: Type.Optional(Type.Object({ adopted: Count, notAdopted: Count, summaryDigest: Digest, recordedAt: Time })),
});

export const VersionAnswer = Type.Object({
  kind: Kind,
  code: Code,
  version: VersionNumber,
  province: ProvinceId,
  proposer: AgencyId,
  status: OneOf(['draft', 'consultation', 'consulted', 'published', 'suspended', 'withdrawn', 'superseded']),
  content: Type.Record(Type.String(), Type.Unknown(), { description: 'the fields of the draft, as they were sent' }),
  contentDigest: { ...Hash, description: 'SHA-256 over the RFC 8785 form of `content`' },
  consultation: Type.Optional(Consultation),
  votes: Type.Array(Vote),
  rejection: Type.Optional(Vote),
  withdrawalVotes: Type.Optional(Type.Array(Act)),
  suspension: Type.Optional(Act),
  publishedAt: Type.Optional(Time),
  recordedAt: Time,
});

export const EntryAnswer = Type.Object({ ...VersionAnswer.properties, latest: VersionNumber });

export const DiffAnswer = Type.Object({
  kind: Kind,
  code: Code,
  from: Type.Optional(VersionNumber),
  to: VersionNumber,
  changes: Type.Array(
    Type.Object({
      op: OneOf(['add', 'remove', 'replace']),
      path: Type.String({ description: 'JSON pointer into `content`' }),
      before: Type.Optional(Type.Unknown()),
      after: Type.Optional(Type.Unknown()),
    }),
  ),
});

export const OpinionAnswer = Type.Object({
  kind: Kind,
  code: Code,
  version: VersionNumber,
  from: OneOf(['public', 'department']),
  opinionDigest: Digest,
  province: ProvinceId,
  agency: AgencyId,
  recordedAt: Time,
});

export const GuideAnswer = Type.Object({
  code: Code,
  number: Type.Integer(),
  version: VersionNumber,
  province: ProvinceId,
  agency: AgencyId,
  channels: Type.Array(
    Type.Object({ kind: Type.String(), url: Type.Optional(Type.String()), centreId: Type.Optional(AgencyId) }),
  ),
  guideDigest: Digest,
  effectiveFrom: Time,
  recordedAt: Time,
});

const Listed = Type.Object({ kind: Kind, code: Code, version: VersionNumber, contentDigest: Hash });

/** An edition in a list: all but its entries. */
export const EditionItem = Type.Object({
  number: Type.Integer(),
  change: Type.Object({
    action: OneOf(['publish', 'suspend', 'resume', 'withdraw']),
    kind: Kind,
    code: Code,
    version: VersionNumber,
    replaces: Type.Optional(VersionNumber),
  }),
  size: Type.Integer(),
  root: { ...Hash, description: 'RFC 9162 root over the entries’ RFC 8785 forms' },
  previousRoot: Hash,
  recordedAt: Time,
  entriesByKind: Type.Record(Kind, Count),
  growth: Type.Object(
    { added: Count, changed: Count, withdrawn: Count },
    { description: 'entries that came on the list, made way for a newer version, or left it, since the first edition' },
  ),
});

export const EditionAnswer = Type.Object({
  ...EditionItem.properties,
  entries: Type.Array(Listed),
  diff: Type.Object({ added: Type.Array(Listed), removed: Type.Array(Listed) }),
});
