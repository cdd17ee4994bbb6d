/**
 * Which certificates run out soon: those that the channel names, and the newest of everybody who called or endorsed
 * in a block. When a peer's runs out there are no receipts of it any more, when an agency's does, no writes.
 */
import { X509Certificate } from 'node:crypto';
import type { ChannelInForce } from '../identity/in-force.js';
import type { Member } from '../identity/msp.js';

const DAY = 86_400_000;
/** Callers and peers; who was not seen for longest is forgotten first. */
const REMEMBERED = 4096;

interface Certificate {
  readonly who: string;
  readonly pem: string;
  /** milliseconds since the epoch */
  readonly until: number;
  /** that it must have left */
  readonly days: number;
  /** whom a revocation list may have taken out since; undefined for what the channel names itself */
  readonly member?: Member;
}

function inChannel({ configuration, consenters }: ChannelInForce, days: number): Certificate[] {
  const named = (who: string, pem: string) => ({ who, pem, until: new X509Certificate(pem).validToDate.getTime(), days });
  const members = [...configuration.members.values()];
  return [
    ...members.flatMap(({ mspId, roots }) => roots.map((pem) => named(`${mspId}'s authority`, pem))),
    ...consenters.map(({ mspId, certificate }) => named(`${mspId}'s orderer`, certificate)),
  ];
}

/** Wallets renew a caller's once it has 30 days left, when he calls next: what they will do by themselves need not be told. */
function daysFor({ unit }: Member, days: number): number {
  return unit === 'client' ? days / 2 : days;
}

function ofMember(member: Member, days: number): Certificate {
  const { mspId, unit, subject, certificate: pem, notAfter: until } = member;
  const common = subject.split('\n').find((line) => line.startsWith('CN='));
  return { who: `${mspId}'s ${unit} ${common?.slice(3) ?? subject}`, pem, until, days: daysFor(member, days), member };
}

function isNewer(one: Member, other: Member): boolean {
  return one.notBefore > other.notBefore || (one.notBefore === other.notBefore && one.notAfter > other.notAfter);
}

function problemOf({ who, until }: Certificate, now: number): string {
  const [at, days] = [new Date(until).toISOString(), Math.floor((until - now) / DAY)];
  return `the certificate of ${who} ${days < 0 ? `ran out on ${at}` : `has ${days} days left, until ${at}`}: renew it`;
}

export class ExpiringCertificates {
  /** by member and subject, who was seen last at the end */
  readonly #newest = new Map<string, Member>();
  #told: ReadonlySet<string> = new Set();

  see(signers: readonly Member[]): void {
    for (const member of signers) {
      const name = `${member.mspId} ${member.subject}`;
      const known = this.#newest.get(name);
      this.#newest.delete(name);
      this.#newest.set(name, known && !isNewer(member, known) ? known : member);
      if (this.#newest.size > REMEMBERED) this.#newest.delete(this.#newest.keys().next().value as string);
    }
  }

  /** @returns of each certificate that has fewer days left, what is to be said; of one that was told already, nothing */
  look(channel: ChannelInForce, now: number, days: number): string[] {
    const all = [...inChannel(channel, days), ...[...this.#newest.values()].map((member) => ofMember(member, days))];
    const expiring = all.filter((one) => one.until - now < one.days * DAY);
    const isIn = ({ member }: Certificate) => member === undefined || channel.membership.of(member) !== undefined;
    const fresh = expiring.filter((one) => !this.#told.has(one.pem) && isIn(one));
    this.#told = new Set(expiring.map(({ pem }) => pem));
    return fresh.map((one) => problemOf(one, now));
  }
}
