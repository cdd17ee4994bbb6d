/** What certificates and verification answer with. */
import Type from 'typebox';
import {
  AgencyId,
  CertificateId,
  Code,
  Digest,
  Hash,
  OneOf,
  ProvinceId,
  Time,
  VersionNumber,
} from '../../../chaincode/schemas/primitives.js';
import { certificateContent } from '../../../chaincode/transactions/certificate/certificate.js';
import { VERDICTS } from '../../../chaincode/transactions/certificate/status.js';
import { CHECK_RESULTS } from '../../verification/verdict.js';
import { ReceiptAnswer } from './evidence.js';

const reasons = {
  reasonCode: Type.Optional(Code),
  legalBasis: Type.Optional(Type.String()),
  by: Type.Optional(CertificateId),
};

const Change = Type.Object({
  change: OneOf(['suspended', 'reinstated', 'revoked', 'superseded']),
  effectiveAt: Time,
  recordedAt: Time,
  transaction: Hash,
  ...reasons,
});

export const HistoryItem = Type.Object({
  ...Change.properties,
  change: OneOf(['issued', 'suspended', 'reinstated', 'revoked', 'superseded']),
});

const { subject: _subject, caseId: _caseId, capture: _capture, ...publicContent } = certificateContent;
const standing = {
  issuer: AgencyId,
  province: ProvinceId,
  issuedAt: Time,
  transaction: Hash,
  batch: Type.Optional(Type.Object({ batchId: Hash, index: Type.Integer({ minimum: 0 }) })),
  family: Type.Optional(Type.String({ description: 'of a GB/T 36904 identifier: what its renewals share' })),
  recordedAt: Time,
};

export const CertificateRecordAnswer = Type.Object({
  ...certificateContent,
  ...standing,
  item: Type.Optional(Type.Object({ code: Code, version: VersionNumber })),
  changes: Type.Array(Change),
  status: Type.Optional(OneOf(VERDICTS)),
});

export const CertificateAnswer = Type.Object({
  ...CertificateRecordAnswer.properties,
  status: OneOf(VERDICTS),
  change: Type.Optional(Change),
  asOf: Time,
  knownAt: Time,
});

export const CopyAnswer = Type.Object({
  certificateId: CertificateId,
  role: OneOf(['annotated-copy']),
  digest: Digest,
  purpose: Code,
  expiresAt: Time,
  recordedAt: Time,
});

export const IssuedBatch = Type.Object({
  batchId: Hash,
  size: Type.Integer({ minimum: 0 }),
  root: { ...Hash, description: 'RFC 9162 root over the RFC 8785 forms of the items issued' },
  outcomes: Type.Array(
    Type.Object({
      index: Type.Integer({ minimum: 0 }),
      certificateId: CertificateId,
      code: Type.Optional(Type.String({ description: 'why it was not issued' })),
    }),
  ),
});

export const BatchAnswer = Type.Object({
  batchId: Hash,
  size: Type.Integer({ minimum: 0 }),
  root: Hash,
  issuer: AgencyId,
  province: ProvinceId,
  recordedAt: Time,
});

const CheckResult = OneOf(CHECK_RESULTS);

export const VerdictAnswer = Type.Object({
  verdict: OneOf(VERDICTS),
  checks: Type.Object({
    intact: CheckResult,
    anchored: CheckResult,
    issuer: CheckResult,
    status: CheckResult,
    copy: CheckResult,
  }),
  certificate: Type.Optional(Type.Object({ ...publicContent, ...standing })),
  change: Type.Optional(Change),
  asOf: Time,
  knownAt: Type.Optional(Time),
  height: Type.Integer({ minimum: 0, description: 'number of blocks that this API had read' }),
  staleAsOf: Type.Optional({
    ...Time,
    description: 'only while it cannot reach enough provinces: until then it knows all that was recorded',
  }),
  receipt: Type.Optional(ReceiptAnswer),
});
