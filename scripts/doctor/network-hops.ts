/** The way to each node of the network, as far as it needs no identity: its name, its TLS, its certificate's days. */
import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { connect, type PeerCertificate } from 'node:tls';
import type { NodeAddress, OpenedProfile } from '../../network/fabric/profile.js';
import { type Finding, fault, note, ok } from './finding.js';

const PATIENCE_MS = 5000;
const DAY = 86_400_000;
/** Certificates are renewed by then at the latest. */
const ALARM_DAYS = 30;

export interface Hop extends NodeAddress {
  /** `peer of ShanghaiMSP` */
  readonly name: string;
  readonly tlsRoots: readonly string[];
}

export function hopsOf({ provinces }: OpenedProfile): readonly Hop[] {
  return provinces.flatMap(({ mspId, tlsRoots, peer, orderer }) => [
    { name: `peer of ${mspId}`, tlsRoots, ...peer },
    { name: `orderer of ${mspId}`, tlsRoots, ...orderer },
  ]);
}

function hostOf({ address }: Hop): { readonly host: string; readonly port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

/** Whether the names of all nodes stand for an address. */
export async function checkNames(hops: readonly Hop[]): Promise<Finding[]> {
  const hosts = [...new Set(hops.map((hop) => hostOf(hop).host))];
  const advice = 'Ask that province for its address, or enter the name in DNS or /etc/hosts; the profile names it.';
  const resolve = (host: string) =>
    lookup(host).then(
      () => [],
      ({ code }: NodeJS.ErrnoException) => [fault('dns', `${host} has no address (${code})`, advice)],
    );
  const faults = (await Promise.all(hosts.map(resolve))).flat();
  return faults.length > 0 ? faults : [ok('dns', `${hosts.join(', ')}`)];
}

const TLS_ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: start it (npm run network -- up), or correct the address in the profile.',
  ETIMEDOUT: 'Nothing answers there: is the host up, and does its firewall let this machine in?',
  ENOTFOUND: 'Its name has no address: see dns.',
  EAI_AGAIN: 'Its name has no address: see dns.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name: correct tlsName in the profile.',
  CERT_HAS_EXPIRED: 'Its certificate has run out: that province must renew it (network/runbooks/README.md, Certificates).',
};
const OTHER_ROOT =
  "Its certificate is not of the profile's tlsRoots: another program has that port, or the profile is of another network (npm run network -- status).";

type Reached = { readonly hop: Hop } & (
  | { readonly certificate: PeerCertificate }
  | { readonly code: string; readonly message: string }
);

/** A handshake as the adapter makes it: that province's authority and no other, the name of the profile. */
function shakeHands(hop: Hop): Promise<Reached> {
  return new Promise((settle) => {
    const { host, port } = hostOf(hop);
    const socket = connect({ host, port, servername: hop.tlsName, ca: [...hop.tlsRoots], ALPNProtocols: ['h2'] });
    const end = (reached: Reached) => {
      socket.destroy();
      settle(reached);
    };
    socket.setTimeout(PATIENCE_MS, () => end({ hop, code: 'ETIMEDOUT', message: `no answer within ${PATIENCE_MS / 1000} s` }));
    socket.once('secureConnect', () => end({ hop, certificate: socket.getPeerCertificate() }));
    socket.once('error', ({ code = '', message }: NodeJS.ErrnoException) => end({ hop, code, message }));
  });
}

export function judgeDays(name: string, validTo: number, now: number): Finding | undefined {
  const days = Math.floor((validTo - now) / DAY);
  const advice = 'Renew it now (network/runbooks/README.md, Certificates): when it runs out whoever holds it is cut off.';
  if (days < 0) return fault('certificates', `that of the ${name} ran out ${-days} days ago`, advice);
  return days < ALARM_DAYS ? note('certificates', `that of the ${name} has ${days} days left`, advice) : undefined;
}

/** TLS to every node, and how long its certificate and those of the reader and the authorities last. */
export async function checkTls(hops: readonly Hop[], profile: OpenedProfile, now: number): Promise<Finding[]> {
  const reached = await Promise.all(hops.map(shakeHands));
  const findings = reached.flatMap((each) => {
    if ('certificate' in each) return [];
    const { hop, code, message } = each;
    return [fault('tls', `${hop.name} at ${hop.address}: ${message}`, TLS_ADVICE[code] ?? OTHER_ROOT)];
  });
  const lasting = reached.flatMap((each) =>
    'certificate' in each ? [{ name: each.hop.name, validTo: Date.parse(each.certificate.valid_to) }] : [],
  );
  lasting.push({ name: 'reader in the profile', validTo: Date.parse(new X509Certificate(profile.reader.certificate).validTo) });
  for (const { mspId, roots, tlsRoots } of profile.provinces)
    for (const pem of [...roots, ...tlsRoots])
      lasting.push({ name: `authority of ${mspId}`, validTo: Date.parse(new X509Certificate(pem).validTo) });
  if (findings.length === 0) findings.push(ok('tls', `${hops.length} nodes, each under its province's own authority`));
  const short = lasting.flatMap(({ name, validTo }) => judgeDays(name, validTo, now) ?? []);
  const least = Math.floor((Math.min(...lasting.map(({ validTo }) => validTo)) - now) / DAY);
  return [...findings, ...(short.length > 0 ? short : [ok('certificates', `the first runs out in ${least} days`)])];
}
