/**
 * What is anchored: that a record with this id and digest was there. The record itself stays with its
 * agency; the ledger holds the hash of these few fields as a leaf. `chaincode/README.md` has an example.
 */
import { hash } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { AgencyId, ClientIdReference, Closed, Code, Digest, Identifier, Time } from '../../schemas/primitives.js';

/** What an agency sends of each record. */
export const AnchorLine = Closed({
  recordId: Identifier,
  kind: Code,
  caseId: Type.Optional(ClientIdReference),
  digest: Digest,
  occurredAt: Time,
});
export type AnchorLine = Static<typeof AnchorLine>;

/** The same, with the agency whose record it is: what a leaf is made of. */
export const AnchoredRecord = Closed({ agency: AgencyId, ...AnchorLine.properties });
export type AnchoredRecord = Static<typeof AnchoredRecord>;

export const TAG_BYTES = 12;

/**
 * The leaf's text: the record's canonical JSON (RFC 8785). All values are ASCII that no JSON escapes, so
 * fields in the order of their names are all that canonical form asks for.
 */
export function leafText({ agency, caseId, digest, kind, occurredAt, recordId }: AnchoredRecord): string {
  const { alg, value } = digest;
  return JSON.stringify({ agency, ...(caseId !== undefined && { caseId }), digest: { alg, value }, kind, occurredAt, recordId });
}

/**
 * What stands for a record's id beside its leaf, 24 hex: the first 96 bits of SHA-256 over agency and id. By it every
 * reader of the chain sees that an id was anchored before, without knowing the record. Ids are no secret:
 * whoever guesses one can tell that it was anchored, and nothing more.
 */
export function recordTag(agency: string, recordId: string): string {
  return hash('sha256', `anchor~${agency}~${recordId}`, 'hex').slice(0, 2 * TAG_BYTES);
}
