/**
 * What the chain says, arranged for reading. Every row follows from blocks alone, so the tables can be
 * dropped and replayed at any time. Index tables hold what lists filter by; the record itself is in
 * `record`, found by the same key.
 */

import type { AuditFactTable, UnreconciledUseTable } from './audit-tables.js';
import type { StatisticGroupTable, StatisticTable } from './statistic-tables.js';
import type { TraceTable } from './trace-table.js';

export interface ProjectionPositionTable {
  /** always 1 */
  id: number;
  /** version of the projected tables: another one means drop and replay */
  version: number;
  /** number of the last block applied; -1 before the first */
  block: number;
  /** its hash, which the next block must name */
  hash: string;
}

/** Every key of the ledger's state with its latest value. */
export interface RecordTable {
  key: string;
  type: string;
  /** canonical JSON */
  value: string;
  block: number;
  position: number;
  transaction_id: string;
  time: string;
}

/** All values a key ever had, for the types whose history is shown. */
export interface RecordVersionTable extends RecordTable {}

export interface LedgerTransactionTable {
  id: string;
  block: number;
  position: number;
  validation_code: string;
  time: string;
  function: string;
  /** who sent it and under which operation id; null for what is outside the fence (genesis, configuration) */
  agency: string | null;
  operation: string | null;
  /** JSON array of MSP ids */
  endorsers: string;
}

export interface AgencyIndexTable {
  key: string;
  agency_id: string;
  province: string;
  kind: string;
  status: string;
}

export interface PartnerIndexTable {
  key: string;
  centre_id: string;
  partner_id: string;
}

export interface OfficerIndexTable {
  key: string;
  officer_id: string;
  centre_id: string;
  status: string;
}

export interface CatalogueHeadTable {
  kind: string;
  code: string;
  latest: number;
  published: number | null;
}

export interface CatalogueVersionTable {
  key: string;
  kind: string;
  code: string;
  version: number;
  status: string;
  domain: string | null;
  audience: string | null;
}

/** The provinces with a department or provider in a catalogue version. */
/** An edition of the published list without its entries, and what it changed. */
export interface EditionIndexTable {
  number: number;
  /** `EditionItem` as JSON */
  summary: string;
  /** entries added and removed against the edition before, as JSON */
  difference: string;
}

export interface CatalogueProvinceTable {
  key: string;
  province: string;
  agency_id: string;
}

/** Which agencies recorded the erasure of a subject's salt. */
export interface SubjectErasureTable {
  subject: string;
  agency_id: string;
}

export interface CaseIndexTable {
  case_id: string;
  subject: string;
  /** milliseconds */
  opened_at: number;
  holder: string;
  status: string;
  item: string;
  /** milliseconds: the instant after which the case, or the offer that is open in it, is late; null while nothing can be */
  late_after: number | null;
  /** milliseconds: since when the receiver of the open offer owes an answer; null while there is none */
  offered_since: number | null;
}

/** Who reads a case: its parties, and the responsible departments of its item. */
export interface CaseReaderTable {
  agency_id: string;
  case_id: string;
  /** 1 for a party, 0 for a department */
  party: number;
}

/** A certificate as it stands: of several with one id or digest, the first in block order. */
export interface StandingCertificateTable {
  certificate_id: string;
  issuer: string;
  /** `CertificateRecord` as JSON */
  value: string;
  /** `JudgedCertificate` as JSON */
  judged: string;
  /** `PublicCertificate` as JSON */
  shown: string;
}

/** Whose a digest is: of several certificates that name it, the first in block order. */
export interface DigestIndexTable {
  alg: string;
  value: string;
  certificate_id: string;
  /** `CertificateDigestRecord` as JSON */
  record: string;
}

/** A batch's leaves, standing or not: all are needed to prove one. */
export interface CertificateLeafTable {
  batch_id: string;
  leaf_index: number;
  hash: string;
}

export interface GrantIndexTable {
  grant_id: string;
  grantee: string;
  provider: string;
  data_set: string;
  status: string;
  share_class: string;
  /** milliseconds */
  valid_to: number;
  /** milliseconds: since when the provider owes an answer; null while it owes none */
  awaiting_since: number | null;
}

/** Grantee and provider, who see the grant in their lists. */
export interface GrantReaderTable {
  agency_id: string;
  grant_id: string;
}

/** Every attempt to use a grant, in the order of the ledger. */
export interface UseIndexTable {
  grant_id: string;
  block: number;
  position: number;
  key: string;
}

/** A batch of anchored records. */
export interface AnchoredBatchTable {
  batch_id: string;
  agency: string;
  block: number;
  position: number;
  time: string;
  /** leaf hashes side by side, base64 */
  leaves: string;
}

/** Which leaf stands for a record id of an agency: of several, the first in block order. */
export interface AnchoredLeafTable {
  agency: string;
  tag: string;
  block: number;
  position: number;
  /** the leaf's place in its batch */
  place: number;
}

/** Records that name a case, as far as they stand. */
export interface AnchoredCaseTable {
  case_id: string;
  block: number;
  position: number;
  place: number;
  agency: string;
  /** the leaf's text: canonical JSON of the record */
  record: string;
}

export interface ProjectedTables {
  projection_position: ProjectionPositionTable;
  record: RecordTable;
  record_version: RecordVersionTable;
  ledger_transaction: LedgerTransactionTable;
  agency_index: AgencyIndexTable;
  partner_index: PartnerIndexTable;
  officer_index: OfficerIndexTable;
  catalogue_head: CatalogueHeadTable;
  catalogue_version: CatalogueVersionTable;
  catalogue_province: CatalogueProvinceTable;
  edition_index: EditionIndexTable;
  subject_erasure: SubjectErasureTable;
  case_index: CaseIndexTable;
  case_reader: CaseReaderTable;
  standing_certificate: StandingCertificateTable;
  digest_index: DigestIndexTable;
  certificate_leaf: CertificateLeafTable;
  grant_index: GrantIndexTable;
  grant_reader: GrantReaderTable;
  use_index: UseIndexTable;
  unreconciled_use: UnreconciledUseTable;
  audit_fact: AuditFactTable;
  statistic_group: StatisticGroupTable;
  statistic: StatisticTable;
  anchored_batch: AnchoredBatchTable;
  anchored_leaf: AnchoredLeafTable;
  anchored_case: AnchoredCaseTable;
  trace: TraceTable;
}
