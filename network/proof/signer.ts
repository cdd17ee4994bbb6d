/** One signature of a receipt: is it good, and is whoever made it somebody this reader accepts? */
import { areEqual, concat, Malformed } from './bytes.js';
import { type Certificate, parseCertificate } from './certificate.js';
import { Fault, require, type SignerFault } from './faults.js';
import type { Primitives } from './primitives.js';
import { Message } from './protobuf.js';
import type { PeerSignature } from './receipt.js';
import { isRevoked, type RevocationList } from './revocation.js';
import { hasLowS, rawSignature } from './signature.js';
import type { Trust } from './trust.js';

export interface Signer {
  readonly mspId: string;
  readonly certificate: Certificate;
}

/** Whose signature it claims to be. @throws Fault `proof.signature`: what cannot be read cannot be checked */
export function signerOf({ endorser }: PeerSignature): Signer {
  try {
    const identity = new Message(endorser);
    return { mspId: identity.text(1), certificate: parseCertificate(identity.text(2)) };
  } catch (error) {
    if (error instanceof Malformed) throw new Fault('proof.signature', `a signer cannot be read: ${error.message}`);
    throw error;
  }
}

/** @throws Fault `proof.signature` unless the peer signed these very bytes, in the one form of its signature */
export async function requireSignature(
  payload: Uint8Array,
  { endorser, signature }: PeerSignature,
  { mspId, certificate }: Signer,
  { checkSignature }: Primitives,
): Promise<void> {
  let raw: Uint8Array;
  try {
    raw = rawSignature(signature);
  } catch (error) {
    if (error instanceof Malformed) throw new Fault('proof.signature', `the signature of ${mspId}: ${error.message}`);
    throw error;
  }
  const good = hasLowS(raw) && (await checkSignature(certificate.key, concat(payload, endorser), raw));
  require(good, 'proof.signature', `the signature of ${mspId} does not fit what was signed`);
}

/**
 * Why the signer is not accepted; undefined when it is. `time` is the answer's declared time in milliseconds:
 * a certificate that has run out since then was good when it signed.
 */
export async function objectionTo(
  { mspId, certificate }: Signer,
  time: number,
  trust: Trust,
  lists: readonly RevocationList[],
  { checkSignature }: Primitives,
): Promise<SignerFault | undefined> {
  const province = trust.provinces.find((known) => known.mspId === mspId);
  if (!province) return 'signer.unknown';
  const { units, notBefore, notAfter, signed, signature, issuer, maySign } = certificate;
  if (!maySign) return 'signer.certificate';
  let root: Certificate | undefined;
  for (const candidate of province.roots)
    if (areEqual(candidate.subject, issuer) && (await checkSignature(candidate.key, signed, signature))) root = candidate;
  if (!root) return 'signer.root';
  // Fabric's node units: exactly one says what a certificate may be.
  if (units.length !== 1 || units[0] !== 'peer') return 'signer.unit';
  if (time < Math.max(notBefore, root.notBefore) || time > Math.min(notAfter, root.notAfter)) return 'signer.validity';
  return isRevoked(certificate, time, lists) ? 'signer.revoked' : undefined;
}
