/** What one fact says, as it happened: later steps of a grant and changes of a certificate are facts of their own. */
import type { CertificateRecord } from '../../../chaincode/transactions/certificate/certificate.js';
import type { GrantRecord } from '../../../chaincode/transactions/grant/grant.js';
import type { Fact } from './read-facts.js';

export const FACT_KINDS = ['use', 'release', 'entry', 'grant', 'certificate'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

export function kindOf({ key }: Pick<Fact, 'key'>): FactKind {
  return key.slice(0, key.indexOf('~')) as FactKind;
}

/** As it was requested, which it still is until its first step. */
function grantFact(text: string, part: number): string {
  if (part < 0 && text.includes('"steps":[]')) return text;
  const grant = JSON.parse(text) as GrantRecord;
  if (part >= 0) return JSON.stringify({ grantId: grant.grantId, ...grant.steps[part] });
  const status = grant.shareClass === 'unconditional' ? 'active' : 'requested';
  return JSON.stringify({ ...grant, status, steps: [], recordedAt: grant.requestedAt } satisfies GrantRecord);
}

/** As it was issued, which it still is until its first change. */
function certificateFact(text: string, part: number): string {
  if (part < 0 && text.includes('"changes":[]')) return text;
  const certificate = JSON.parse(text) as CertificateRecord;
  if (part >= 0) return JSON.stringify({ certificateId: certificate.certificateId, ...certificate.changes[part] });
  return JSON.stringify({ ...certificate, changes: [], recordedAt: certificate.issuedAt } satisfies CertificateRecord);
}

/**
 * JSON. Uses, releases and entries are never changed: they are told in the very bytes that are on the ledger.
 * @throws Error when the record is missing: a list with a gap would pass for a whole one
 */
export function toldBy(fact: Fact): string {
  const { key, part, record: text } = fact;
  const kind = kindOf(fact);
  if (text === null) throw new Error(`the record ${key} is missing`);
  if (kind === 'grant') return grantFact(text, part);
  return kind === 'certificate' ? certificateFact(text, part) : text;
}
