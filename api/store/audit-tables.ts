/** What audits read. */

/** A use and its release that are not known to agree: what reconciliation looks through. */
export interface UnreconciledUseTable {
  use_id: string;
  /** milliseconds: recorded time of the use; of the release where there is no use */
  time: number;
}

/** What an audit's export is made of: every use, release, entry of a case, step of a grant and change of a certificate. */
export interface AuditFactTable {
  /** milliseconds: recorded time */
  time: number;
  block: number;
  position: number;
  /** the record's key on the ledger */
  key: string;
  /** which step of a grant, or change of a certificate, from 0; -1 for how it began, and for what has no parts */
  part: number;
  transaction_id: string;
}
