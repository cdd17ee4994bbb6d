/**
 * Membership: is this serialized identity one of a member's, and as what (client, peer, orderer)? The
 * answer for one certificate never changes but for its dates, so it is remembered, within bounds.
 */
import { X509Certificate } from 'node:crypto';
import { decodeIdentity, encodeIdentity, type SerializedIdentity } from '../format/identity.js';
import { VerifyingKey } from './key.js';
import { hasLowS } from './low-s.js';
import { isListOf, revocationsOf } from './revocation.js';

export interface Member {
  readonly mspId: string;
  /** PEM */
  readonly certificate: string;
  /** the certificate's distinguished name, an attribute a line, such as `CN=peer.shanghai` */
  readonly subject: string;
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

interface Authority {
  readonly certificate: X509Certificate;
  /** serial numbers, lower-case hex */
  readonly revoked: ReadonlySet<string>;
}

function authorityOf(pem: string, lists: readonly string[]): Authority {
  const certificate = new X509Certificate(pem);
  return { certificate, revoked: new Set(lists.filter((list) => isListOf(list, certificate)).flatMap(revocationsOf)) };
}

export class Membership {
  readonly #authorities: ReadonlyMap<string, readonly Authority[]>;
  readonly #known = new Map<string, Member | undefined>();

  /**
   * @param roots the root certificate (PEM) of each member's authority, or several of them while one follows another, by MSP id
   * @param revocations the members' lists of revoked certificates (PEM), by MSP id
   */
  constructor(
    roots: ReadonlyMap<string, string | readonly string[]>,
    revocations: ReadonlyMap<string, readonly string[]> = new Map(),
  ) {
    const authorities = ([mspId, pems]: readonly [string, string | readonly string[]]) =>
      [pems].flat().map((pem) => authorityOf(pem, revocations.get(mspId) ?? []));
    this.#authorities = new Map([...roots].map((entry) => [entry[0], authorities(entry)]));
  }

  #judge(identity: Uint8Array): Member | undefined {
    const { mspId, certificate: pem } = decodeIdentity(identity);
    const certificate = new X509Certificate(pem);
    const serial = certificate.serialNumber.toLowerCase();
    const issuer = this.#authorities
      .get(mspId)
      ?.find(({ certificate: root }) => certificate.checkIssued(root) && certificate.verify(root.publicKey));
    if (certificate.ca || !issuer || issuer.revoked.has(serial)) return undefined;
    if (certificate.publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    return {
      mspId,
      certificate: pem,
      subject: certificate.subject,
      unit: unitOf(certificate),
      key: new VerifyingKey(certificate.publicKey.export({ type: 'spki', format: 'der' })),
      notBefore: certificate.validFromDate.getTime(),
      notAfter: certificate.validToDate.getTime(),
    };
  }

  of(identity: SerializedIdentity): Member | undefined {
    return this.member(encodeIdentity(identity));
  }

  /** The member behind a `SerializedIdentity`; undefined when its certificate is not one of that member's authority, or is revoked. */
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
