/** A province's keys and certificates, as Fabric wants them laid out: two authorities, peer, orderer, administrator. */
import { join } from 'node:path';
import type { Province } from '../../chaincode/provinces.js';
import {
  type AuthorityMaterial,
  type CertificateRequest,
  createAuthority,
  generateKeyPair,
  issueCertificate,
  selfSignedClient,
} from '../identity/authority.js';
import { writeWhole } from '../identity/files.js';
import { LOOPBACK, type Member } from './definition.js';
import { ADMINISTRATOR_DAYS, NODE_DAYS } from './limits.js';
import { type ProvincePaths, provincePaths } from './network-folder.js';
import { toYaml } from './yaml.js';

const PRIVATE = 0o600;
const PUBLIC = 0o644;
export const KEY_FILE = 'key.pem';
export const CERTIFICATE_FILE = 'certificate.pem';
export const ROOT_FILE = 'root.pem';

interface Authorities {
  readonly enrolment: AuthorityMaterial;
  readonly tls: AuthorityMaterial;
}

type Roots = Readonly<Record<keyof Authorities, Pick<AuthorityMaterial, 'certificate'>>>;

/** NodeOUs: what an identity may be stands in its certificate's unit, and counts only under this root. */
function nodeUnits(): string {
  const unit = (name: string) => ({ Certificate: `cacerts/${ROOT_FILE}`, OrganizationalUnitIdentifier: name });
  return toYaml(
    {
      NodeOUs: {
        Enable: true,
        ClientOUIdentifier: unit('client'),
        PeerOUIdentifier: unit('peer'),
        AdminOUIdentifier: unit('admin'),
        OrdererOUIdentifier: unit('orderer'),
      },
    },
    'written by network/definition/identities.ts',
  );
}

async function makeAuthority(folder: string, province: Province, organisation: string, now: number): Promise<AuthorityMaterial> {
  const authority = await createAuthority(province.mspId, organisation, now);
  writeWhole(join(folder, KEY_FILE), authority.privateKey, PRIVATE);
  writeWhole(join(folder, CERTIFICATE_FILE), authority.certificate, PUBLIC);
  return authority;
}

/** The part of an MSP that everybody may see. */
export function writeMsp(folder: string, { enrolment, tls }: Roots): void {
  writeWhole(join(folder, 'cacerts', ROOT_FILE), enrolment.certificate, PUBLIC);
  writeWhole(join(folder, 'tlscacerts', ROOT_FILE), tls.certificate, PUBLIC);
  writeWhole(join(folder, 'config.yaml'), nodeUnits(), PUBLIC);
}

type Identity = Omit<CertificateRequest, 'publicKey'>;

async function issueTo(authority: AuthorityMaterial, request: Identity, keyFile: string, certificateFile: string): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair();
  writeWhole(keyFile, privateKey, PRIVATE);
  writeWhole(certificateFile, await issueCertificate(authority, { ...request, publicKey }), PUBLIC);
}

async function makeIdentity(folder: string, authorities: Authorities, request: Identity): Promise<void> {
  const msp = join(folder, 'msp');
  writeMsp(msp, authorities);
  await issueTo(authorities.enrolment, request, join(msp, 'keystore', KEY_FILE), join(msp, 'signcerts', CERTIFICATE_FILE));
}

async function makeTls(folder: string, { tls }: Authorities, request: Identity, names: readonly string[]): Promise<void> {
  const own = join(folder, 'tls');
  await issueTo(tls, { ...request, tlsNames: names }, join(own, KEY_FILE), join(own, CERTIFICATE_FILE));
  writeWhole(join(own, 'roots.pem'), tls.certificate, PUBLIC);
}

/**
 * Peer and chaincode service know each other by one certificate each way: the service takes this peer's
 * own and no other, so no process of the host can speak to it as a peer would.
 */
export async function makeChaincodeLink(
  paths: ProvincePaths,
  authorities: Authorities,
  member: Member,
  now: number,
): Promise<void> {
  const name = `chaincode.${member.province.slug}`;
  const request = { commonName: name, unit: 'client' as const, days: NODE_DAYS, now };
  await makeTls(paths.chaincode, authorities, request, [LOOPBACK, 'localhost', name]);
  const client = await selfSignedClient(`${member.peerName} to ${name}`, NODE_DAYS, now);
  writeWhole(join(paths.chaincode, 'tls/clients.pem'), client.certificate, PUBLIC);
  writeWhole(join(paths.peer, 'chaincode-client', KEY_FILE), client.privateKey, PRIVATE);
  writeWhole(join(paths.peer, 'chaincode-client', CERTIFICATE_FILE), client.certificate, PUBLIC);
}

/** Makes all of a province's identities under the network's folder `root`. */
export async function makeIdentities(root: string, member: Member, now: number): Promise<void> {
  const { province, peerName, ordererName, host } = member;
  const paths = provincePaths(root, province.slug);
  const authorities = {
    enrolment: await makeAuthority(paths.ca, province, province.slug, now),
    tls: await makeAuthority(paths.tlsCa, province, `tls.${province.slug}`, now),
  };
  writeMsp(paths.msp, authorities);
  const hosts = [...new Set([host, LOOPBACK, 'localhost'])];
  const peer = { commonName: peerName, unit: 'peer' as const, days: NODE_DAYS, now };
  await makeIdentity(paths.peer, authorities, peer);
  await makeTls(paths.peer, authorities, peer, [peerName, ...hosts]);
  const orderer = { commonName: ordererName, unit: 'orderer' as const, days: NODE_DAYS, now };
  await makeIdentity(paths.orderer, authorities, orderer);
  await makeTls(paths.orderer, authorities, orderer, [ordererName, ...hosts]);
  const admin = { commonName: `admin.${province.slug}`, unit: 'admin' as const, days: ADMINISTRATOR_DAYS, now };
  await makeIdentity(paths.admin, authorities, admin);
  await makeTls(paths.admin, authorities, admin, [`admin.${province.slug}`]);
  await makeChaincodeLink(paths, authorities, member, now);
  const reader = { commonName: `reader.${province.slug}`, unit: 'client' as const, days: NODE_DAYS, now };
  await issueTo(authorities.enrolment, reader, join(paths.reader, KEY_FILE), join(paths.reader, CERTIFICATE_FILE));
}
