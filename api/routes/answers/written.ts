/** The `record` of every write, by the transaction that makes it. */
import type { TObject } from 'typebox';
import type { TransactionDefinition } from '../../../chaincode/runtime/definition.js';
import { CaseAnswer, HandoffAnswer, SessionAnswer, TimelineEntry } from './cases.js';
import { GuideAnswer, OpinionAnswer, VersionAnswer } from './catalogue.js';
import { CertificateRecordAnswer, CopyAnswer, IssuedBatch } from './certificates.js';
import { GrantAnswer, ReleaseAnswer, UseAnswer } from './grants.js';
import { AgencyAnswer, CentreRecordAnswer, FeatureAnswer, InstrumentAnswer, OfficerAnswer, PartnerAnswer } from './registry.js';

const MAKERS: readonly (readonly [TObject, readonly string[]])[] = [
  [AgencyAnswer, ['RegisterAgency', 'SetAgencyRoles', 'DeactivateAgency', 'ReactivateAgency', 'ReplaceAgencyKey']],
  [FeatureAnswer, ['ApproveFeature']],
  [InstrumentAnswer, ['RegisterInstrument']],
  [CentreRecordAnswer, ['RegisterCentre']],
  [PartnerAnswer, ['ProposePartner', 'AcceptPartner', 'WithdrawPartner']],
  [OfficerAnswer, ['RegisterOfficer', 'AcceptOfficer', 'DeactivateOfficer']],
  [VersionAnswer, ['DraftServiceItem', 'DraftDataSet', 'DraftServiceStandard', 'OpenConsultation', 'RecordConsultationResult']],
  [VersionAnswer, ['CastVote', 'SuspendEntry', 'ResumeEntry', 'WithdrawEntry']],
  [OpinionAnswer, ['SubmitOpinion']],
  [GuideAnswer, ['PublishGuide']],
  [CaseAnswer, ['OpenCase', 'PauseCase', 'ResumeCase', 'DecideCase', 'CloseCase']],
  [TimelineEntry, ['RecordMilestone', 'SubmitMaterial', 'RecordPreReview', 'RecordCustody']],
  [HandoffAnswer, ['OfferHandoff', 'AcceptHandoff', 'RejectHandoff', 'RecallHandoff', 'LapseHandoff', 'ReturnHandoff']],
  [SessionAnswer, ['RecordSession', 'AcknowledgeSession']],
  [CertificateRecordAnswer, ['IssueCertificate', 'SuspendCertificate', 'ReinstateCertificate', 'RevokeCertificate']],
  [CertificateRecordAnswer, ['SupersedeCertificate']],
  [IssuedBatch, ['IssueBatch']],
  [CopyAnswer, ['RecordCopy']],
  [GrantAnswer, ['RequestGrant', 'ApproveGrant', 'RefuseGrant', 'RequestSupplement', 'SubmitSupplement']],
  [GrantAnswer, ['SuspendGrant', 'ResumeGrant', 'RevokeGrant', 'EndGrant', 'DisposeGrant']],
  [UseAnswer, ['UseGrant']],
  [ReleaseAnswer, ['ReleaseUse']],
];

const RECORDS: ReadonlyMap<string, TObject> = new Map(
  MAKERS.flatMap(([record, names]) => names.map((name) => [name, record] as const)),
);

/** What a transaction answers with. @throws Error for one that has no entry here: the service does not start then */
export function recordOf({ name }: TransactionDefinition): TObject {
  const record = RECORDS.get(name);
  if (!record) throw new Error(`what ${name} answers with is not described`);
  return record;
}
