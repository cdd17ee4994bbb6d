/** Certificate revocation lists (RFC 5280, section 5), each signed by a province's pinned root. */
import { areEqual, fromHex, fromPem, Malformed, toHex } from './bytes.js';
import { type Certificate, requireEcdsa, type SignedStructure, signedStructure } from './certificate.js';
import { contentOf, type Element, inside, isOid, single, TAG, timeOf } from './der.js';
import type { CheckSignature } from './primitives.js';
import { type Trust, TrustRefused } from './trust.js';

const REASON_CODE = fromHex('551d15');
/**
 * Reasons under which what was signed before stands: affiliation changed, superseded, cessation, privilege
 * withdrawn. Under any other, and without one, somebody else may hold the key, and could have declared any time.
 */
const EARLIER_SIGNATURES_STAND = [3, 4, 5, 9];

interface Revocation {
  /** milliseconds since the epoch */
  readonly time: number;
  readonly reason: number | undefined;
}

export interface RevocationList extends SignedStructure {
  readonly issuer: Uint8Array;
  /** milliseconds since the epoch */
  readonly thisUpdate: number;
  /** by serial number, hex */
  readonly revoked: ReadonlyMap<string, Revocation>;
}

function reasonOf(extensions: Element | undefined): number | undefined {
  for (const extension of extensions ? inside(extensions, TAG.sequence) : []) {
    const parts = inside(extension, TAG.sequence);
    const value = parts.at(-1);
    if (isOid(parts[0], REASON_CODE)) return contentOf(single(contentOf(value, TAG.octetString)), TAG.enumerated)[0];
  }
  return undefined;
}

function parse(pem: string): RevocationList {
  const { fields, signed, signature } = signedStructure(fromPem(pem, 'X509 CRL'));
  const [version, algorithm, issuer, thisUpdate, ...rest] = fields;
  if (contentOf(version, TAG.integer)[0] !== 1 || !issuer) throw new Malformed('not version 2');
  requireEcdsa(algorithm);
  const entries = rest.find(({ tag }) => tag === TAG.sequence);
  const revoked = new Map<string, Revocation>();
  for (const entry of entries ? inside(entries, TAG.sequence) : []) {
    const [serial, time, extensions] = inside(entry, TAG.sequence);
    revoked.set(toHex(contentOf(serial, TAG.integer)), { time: timeOf(time), reason: reasonOf(extensions) });
  }
  return { signed, signature, issuer: issuer.whole, thisUpdate: timeOf(thisUpdate), revoked };
}

/** @throws TrustRefused for a list that is none, or not signed by a pinned root: nothing can be judged by it */
export async function openRevocationList(pem: string, trust: Trust, check: CheckSignature): Promise<RevocationList> {
  let list: RevocationList;
  try {
    list = parse(pem);
  } catch (error) {
    if (error instanceof Malformed) throw new TrustRefused(`the revocation list cannot be read: ${error.message}: get it again`);
    throw error;
  }
  for (const { subject, key } of trust.provinces.flatMap(({ roots }) => roots))
    if (areEqual(subject, list.issuer) && (await check(key, list.signed, list.signature))) return list;
  throw new TrustRefused('the revocation list is not signed by a root of the trust file: get it from the province');
}

/** The lists that speak for a certificate. */
export function listsFor(certificate: Certificate, lists: readonly RevocationList[]): RevocationList[] {
  return lists.filter(({ issuer }) => areEqual(issuer, certificate.issuer));
}

/** Whether a signature of this declared time (milliseconds) is void because of a list. */
export function isRevoked(certificate: Certificate, time: number, lists: readonly RevocationList[]): boolean {
  return listsFor(certificate, lists).some(({ revoked }) => {
    const entry = revoked.get(certificate.serial);
    if (!entry) return false;
    return time >= entry.time || entry.reason === undefined || !EARLIER_SIGNATURES_STAND.includes(entry.reason);
  });
}
