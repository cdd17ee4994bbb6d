/** Four public parts, checked one by one and against one another, and the network that they make. */
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { PROVINCES } from '../../chaincode/provinces.js';
import { Membership } from '../identity/msp.js';
import { type Definition, type DefinitionInput, DefinitionRefused, defineNetwork } from './definition.js';
import { type PublicPart, parsePublicPart } from './public-part.js';

export interface Received {
  /** its name, for whoever is to look at it */
  readonly file: string;
  readonly text: string;
}

export interface FourParts {
  readonly input: Required<DefinitionInput>;
  readonly definition: Definition;
  /** in the order of the table of provinces */
  readonly parts: readonly (Received & { readonly part: PublicPart })[];
}

type Part = FourParts['parts'][number];

const ADVICE = 'Take from each of these provinces the file that its own identities command wrote, unchanged.';

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  - ${fault}\n`).join('');
  throw new DefinitionRefused(`no network comes of these public parts:\n${lines}${ADVICE}`);
}

function isAuthority(root: X509Certificate): boolean {
  return root.ca && root.checkIssued(root) && root.verify(root.publicKey);
}

function isServer(certificate: X509Certificate, host: string): boolean {
  return (isIP(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined;
}

function certificatesOf({ certificates }: PublicPart): Readonly<Record<keyof PublicPart['certificates'], X509Certificate>> {
  const { root, tlsRoot, orderer, ordererTls } = certificates;
  return {
    root: new X509Certificate(root),
    tlsRoot: new X509Certificate(tlsRoot),
    orderer: new X509Certificate(orderer),
    ordererTls: new X509Certificate(ordererTls),
  };
}

function certificateFaults(part: PublicPart, now: number): string[] {
  const { mspId, host, certificates } = part;
  const own = certificatesOf(part);
  const { root, tlsRoot, ordererTls } = own;
  const unit = new Membership(new Map([[mspId, certificates.root]])).of({ mspId, certificate: certificates.orderer })?.unit;
  const inForce = Object.values(own).every(
    ({ validFromDate, validToDate }) => validFromDate.getTime() <= now && now <= validToDate.getTime(),
  );
  const chains = !ordererTls.ca && ordererTls.checkIssued(tlsRoot) && ordererTls.verify(tlsRoot.publicKey);
  const rules: readonly (readonly [holds: boolean, fault: string])[] = [
    [isAuthority(root) && isAuthority(tlsRoot), 'a root certificate in it is no authority’s own'],
    [unit === 'orderer', 'its orderer’s certificate was not issued to an orderer by its root'],
    [chains, 'its orderer’s TLS certificate was not issued by its TLS root'],
    [isServer(ordererTls, host), `its orderer’s TLS certificate is not for its host ${host}`],
    [inForce, 'a certificate in it is not in force today'],
  ];
  return rules.filter(([holds]) => !holds).map(([, fault]) => fault);
}

function faultsOf({ file, text }: Received, now: number): string[] {
  if (/PRIVATE KEY/i.test(text))
    return [`${file} holds a private key: that province makes its identities anew if anybody else has seen it`];
  const part = parsePublicPart(text);
  if (!part) return [`${file} is no public part of a province, in the format of this build`];
  const { mspId, name } = PROVINCES.find(({ slug }) => slug === part.province) as (typeof PROVINCES)[number];
  if (part.mspId !== mspId) return [`${file}: its MSP is ${part.mspId}, while ${name.en}’s is ${mspId}`];
  try {
    return certificateFaults(part, now).map((fault) => `${file}: ${fault}`);
  } catch {
    return [`${file}: a certificate in it cannot be read`];
  }
}

/** Of each province one. */
function countFaults(parts: readonly Part[]): string[] {
  return PROVINCES.flatMap(({ slug }) => {
    const files = parts.filter(({ part }) => part.province === slug).map(({ file }) => file);
    if (files.length === 0) return [`there is none of ${slug}`];
    return files.length > 1 ? [`there are several of ${slug}: ${files.join(', ')}`] : [];
  });
}

/** An authority that certifies for two provinces would hold two of the four votes. */
function sharedKeys(parts: readonly Part[]): string[] {
  const seen = new Map<string, string>();
  const faults = new Set<string>();
  for (const { part, file } of parts)
    for (const name of ['root', 'tlsRoot'] as const) {
      const key = new X509Certificate(part.certificates[name]).publicKey.export({ type: 'spki', format: 'der' }).toString('hex');
      const other = seen.get(key);
      if (other) faults.add(`${other} and ${file} have an authority’s key in common`);
      seen.set(key, file);
    }
  return [...faults];
}

/** @param now milliseconds since the epoch @throws DefinitionRefused with every fault */
export function readFourParts(received: readonly Received[], now: number): FourParts {
  refuse(received.flatMap((one) => faultsOf(one, now)));
  const given = received.map((one) => ({ ...one, part: parsePublicPart(one.text) as PublicPart }));
  refuse(countFaults(given));
  const parts = PROVINCES.map(({ slug }) => given.find(({ part }) => part.province === slug) as Part);
  const ports = new Set(parts.map(({ part }) => part.basePort));
  const different = `their first ports differ (${[...ports].join(', ')}): identities takes the same --ports everywhere`;
  refuse([...sharedKeys(parts), ...(ports.size === 1 ? [] : [different])]);
  const input = { basePort: (parts[0] as Part).part.basePort, hosts: parts.map(({ part }) => part.host) };
  return { input, definition: defineNetwork(input), parts };
}
