/**
 * Membership: is this serialized identity one of a member's, and as what (client, peer, orderer)? The
 * answer for one certificate never changes but for its dates, so it is remembered, within bounds.
 */
import { X509Certificate } from 'node:crypto';
import { decodeIdentity } from '../format/identity.js';
import { VerifyingKey } from './key.js';
import { hasLowS } from './low-s.js';

export interface Member {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** the NodeOU: `client`, `peer`, `orderer` or `admin` */
  readonly unit: string;
  readonly key: VerifyingKey;
  /** milliseconds since the epoch */
  readonly notBefore: number;
  readonly notAfter: number;
}

const REMEMBERED = 2048;

function unitOf(certificate: X509Certificate): string {
  const units = certificate.subject.split('\n').filter((line) => line.startsWith('OU='));
  return units.length === 1 ? (units[0] as string).slice(3) : '';
}

export class Membership {
  readonly #roots: ReadonlyMap<string, readonly X509Certificate[]>;
  readonly #known = new Map<string, Member | undefined>();

  /** @param roots the root certificate (PEM) of each member's authority, or several of them while one follows another, by MSP id */
  constructor(roots: ReadonlyMap<string, string | readonly string[]>) {
    this.#roots = new Map([...roots].map(([mspId, pems]) => [mspId, [pems].flat().map((pem) => new X509Certificate(pem))]));
  }

  #judge(identity: Uint8Array): Member | undefined {
    const { mspId, certificate: pem } = decodeIdentity(identity);
    const roots = this.#roots.get(mspId);
    if (!roots) return undefined;
    const certificate = new X509Certificate(pem);
    const issued = roots.some((root) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
    if (certificate.ca || !issued) return undefined;
    if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    return {
      mspId,
      certificate: pem,
      unit: unitOf(certificate),
      key: new VerifyingKey(certificate.publicKey.export({ type: 'spki', format: 'der' })),
      notBefore: certificate.validFromDate.getTime(),
      notAfter: certificate.validToDate.getTime(),
    };
  }

  /** The member behind a `SerializedIdentity`; undefined when its certificate is not one of that member's authority. */
  member(identity: Uint8Array): Member | undefined {
    const name = Buffer.from(identity.buffer, identity.byteOffset, identity.byteLength).toString('latin1');
    if (this.#known.has(name)) return this.#known.get(name);
    let member: Member | undefined;
    try {
      member = this.#judge(identity);
    } catch {
      member = undefined;
    }
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(name, member);
    return member;
  }
}

/** False for anything that is no signature of that member, or not in the one form that Fabric takes. */
export async function verifyMember(member: Member, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return hasLowS(signature) && (await member.key.verify(message, signature));
}
