/**
 * What a reader trusts, got out of band and pinned: the provinces' root certificates, the channel, how many
 * provinces must have signed, and what kind of ledger it is. Nothing in a receipt can change any of it.
 */
import { areEqual, Malformed } from './bytes.js';
import { fieldsOf, type Json, listOf, stringOf } from './canonical-json.js';
import { type Certificate, parseCertificate } from './certificate.js';

export const TRUST_FORMAT = 'yrd-trust/1';
/** `single-operator` is also the mark in the roots' names of a ledger whose keys one operator holds. */
export const SINGLE_OPERATOR = 'single-operator';
export const ASSURANCES = [SINGLE_OPERATOR, 'bft-4'] as const;
export type Assurance = (typeof ASSURANCES)[number];

export interface TrustedProvince {
  readonly code: string;
  readonly mspId: string;
  readonly roots: readonly Certificate[];
}

export interface Trust {
  readonly channel: string;
  readonly assurance: Assurance;
  /** so many distinct provinces' peers must have signed */
  readonly k: number;
  readonly provinces: readonly TrustedProvince[];
}

/** The trust file cannot be used, so nothing can be judged. */
export class TrustRefused extends Error {
  override readonly name = 'TrustRefused';
}

function provinceOf(value: Json): TrustedProvince {
  const { code, mspId, roots } = fieldsOf(value, ['code', 'mspId', 'roots']);
  const certificates = listOf(roots, 8).map((root) => parseCertificate(stringOf(root)));
  if (certificates.length === 0) throw new Malformed(`${mspId} has no root`);
  if (!certificates.every(({ isAuthority }) => isAuthority))
    throw new Malformed(`a root of ${mspId} is no authority's certificate`);
  return { code: stringOf(code), mspId: stringOf(mspId), roots: certificates };
}

/** One authority under two names would count as two provinces. */
function requireDistinct(provinces: readonly TrustedProvince[]): void {
  for (const [index, province] of provinces.entries())
    for (const other of provinces.slice(0, index)) {
      const shared = province.roots.some(({ key }) => other.roots.some((root) => areEqual(root.key, key)));
      if (shared || other.code === province.code || other.mspId === province.mspId)
        throw new Malformed(`${other.mspId} and ${province.mspId} are not two provinces`);
    }
}

function parse(text: string): Trust {
  const value = fieldsOf(JSON.parse(text) as Json, ['format', 'channel', 'assurance', 'receiptPolicy', 'provinces']);
  if (value.format !== TRUST_FORMAT) throw new Malformed(`its format is not ${TRUST_FORMAT}`);
  const assurance = ASSURANCES.find((known) => known === value.assurance);
  if (!assurance) throw new Malformed(`its assurance is none of ${ASSURANCES.join(', ')}`);
  const { k } = fieldsOf(value.receiptPolicy, ['k']);
  const provinces = listOf(value.provinces, 16).map(provinceOf);
  requireDistinct(provinces);
  // Of four provinces one may lie: a single signature under `bft-4` would show nothing.
  const least = assurance === 'bft-4' ? 2 : 1;
  if (typeof k !== 'number' || !Number.isInteger(k) || k < least || k > provinces.length)
    throw new Malformed(`k is not a whole number from ${least} to ${provinces.length}`);
  return { channel: stringOf(value.channel), assurance, k, provinces };
}

/** @throws TrustRefused */
export function parseTrust(text: string): Trust {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Malformed || error instanceof SyntaxError)
      throw new TrustRefused(`the trust file cannot be used: ${error.message}: get it again from somebody you trust`);
    throw error;
  }
}
