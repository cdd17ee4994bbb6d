/**
 * Certificates 电子证照. What the ledger keeps is the identifier, digests, dates and the changes of
 * status, never the certificate's content. Nothing in a record is ever taken out again.
 */
import Type, { type Static } from 'typebox';
import { isCreditCode } from '../../identifiers/credit-code.js';
import { LICENCE_ID_ROOT, parseLicenceId } from '../../identifiers/licence-id.js';
import type { ProvinceCode } from '../../provinces.js';
import { CertificateId, ClientIdReference, Closed, Code, Digest, OneOf, Subject, Time } from '../../schemas/primitives.js';
import { key } from '../../state/keys.js';

const OriginalDigest = Closed({ ...Digest.properties, role: OneOf(['original']) });

/** The fields that an issuer states, alike for one certificate and for an item of a batch. */
export const certificateContent = {
  certificateId: CertificateId,
  typeCode: Code,
  subject: Subject,
  digests: Type.Array(OriginalDigest, { minItems: 1, maxItems: 2 }),
  validFrom: Time,
  validTo: Type.Optional(Time),
  caseId: Type.Optional(ClientIdReference),
  /** how the data was captured before it came to the ledger; courts look at that separately */
  capture: Closed({ system: Code, version: Code, method: Code, capturedAt: Time }),
};
export const CertificateItem = Closed(certificateContent);
export type CertificateContent = Static<typeof CertificateItem>;

export type CertificateChangeKind = 'suspended' | 'reinstated' | 'revoked' | 'superseded';

/** A change of status: effective from one time, known to the ledger from another. */
export interface CertificateChange {
  readonly change: CertificateChangeKind;
  readonly effectiveAt: string;
  readonly recordedAt: string;
  readonly transaction: string;
  readonly reasonCode?: string;
  readonly legalBasis?: string;
  /** the certificate that takes this one's place; only of `superseded` */
  readonly by?: string;
}

export interface CertificateRecord extends CertificateContent {
  readonly issuer: string;
  readonly province: ProvinceCode;
  /** recorded time of the issue; `recordedAt` is that of the last change */
  readonly issuedAt: string;
  /** the transaction that issued it */
  readonly transaction: string;
  /** the catalogue version that the case named in `caseId` runs under */
  readonly item?: { readonly code: string; readonly version: number };
  /** where the certificate was issued as a leaf: its batch and its place among the leaves */
  readonly batch?: { readonly batchId: string; readonly index: number };
  /** what a renewal of a GB/T 36904 identifier keeps */
  readonly family?: string;
  readonly changes: readonly CertificateChange[];
  readonly recordedAt: string;
}

/** What is stored under a digest: whose it is, and for an annotated copy 加注件 what it was made for. */
export type CertificateDigestRecord =
  | { readonly certificateId: string; readonly role: 'original'; readonly recordedAt: string }
  | {
      readonly certificateId: string;
      readonly role: 'annotated-copy';
      readonly purpose: string;
      readonly expiresAt: string;
      readonly recordedAt: string;
    };

type Issue = Pick<CertificateRecord, 'issuer' | 'batch'>;

export function certificateKey(certificateId: string): string {
  return key('certificate', certificateId);
}

/**
 * Whether two records under one id are of one issue: of one issuer, and both of the same batch or both of none. Contracts
 * cannot see leaves, so an issuer may issue an id twice; the second is void, and none of it is the first's.
 */
export function isSameIssue(one: Issue, other: Issue): boolean {
  return one.issuer === other.issuer && one.batch?.batchId === other.batch?.batchId;
}

/** Of a batch's leaf whose id another certificate has taken for the key above: neither keeps the other's issuer from acting on its own. */
export function contestedKey(certificateId: string, batchId: string): string {
  return key('certificate', certificateId, batchId);
}

export function digestKey(digest: { readonly alg: string; readonly value: string }): string {
  return key('certificate-digest', digest.alg, digest.value);
}

/**
 * Whether the identifier itself names its issuer. Some real GB/T 36904 identifiers carry a division
 * code as the issuer; they are accepted, but nothing in them ties them to the agency that signed.
 */
export function namesIssuer(certificateId: string): boolean {
  if (!certificateId.startsWith(LICENCE_ID_ROOT)) return true;
  return isCreditCode(parseLicenceId(certificateId)?.issuer ?? '');
}

/** The family of a GB/T 36904 identifier as a field; nothing for any other identifier. */
export function licenceFamily(certificateId: string): Pick<CertificateRecord, 'family'> {
  const licence = parseLicenceId(certificateId);
  return licence ? { family: licence.family } : {};
}
