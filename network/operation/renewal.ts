/** Certificates issued anew by a province's authority, and where they belong. */
import { createPublicKey } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Member } from '../definition/definition.js';
import { ADMINISTRATOR_DAYS, NODE_DAYS } from '../definition/limits.js';
import { provincePaths } from '../definition/network-folder.js';
import { generateKeyPair, issueCertificate, type KeyPair } from '../identity/authority.js';
import { readAuthority, writeWhole } from '../identity/files.js';
import type { Network } from './commands.js';

interface Files {
  readonly key: string;
  readonly certificate: string;
}

export interface Renewed extends Files {
  readonly privateKey: string;
  /** the new certificate, PEM */
  readonly after: string;
}

type Role = 'peer' | 'orderer' | 'admin';

export function identityFiles(folder: string): Files {
  return { key: join(folder, 'msp/keystore/key.pem'), certificate: join(folder, 'msp/signcerts/certificate.pem') };
}

export function tlsFiles(folder: string): Files {
  return { key: join(folder, 'tls/key.pem'), certificate: join(folder, 'tls/certificate.pem') };
}

function keysIn(file: string): KeyPair {
  const privateKey = readFileSync(file, 'utf8');
  return { privateKey, publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() };
}

function commonNameOf(role: Role, { province, peerName, ordererName }: Member): string {
  return { peer: peerName, orderer: ordererName, admin: `admin.${province.slug}` }[role];
}

/** Issues anew what a node or the administrator has, without writing it. */
export async function renew(
  { root }: Network,
  member: Member,
  role: Role,
  kind: 'identity' | 'tls',
  newKey: boolean,
): Promise<Renewed> {
  const { province, host } = member;
  const paths = provincePaths(root, province.slug);
  const files = kind === 'tls' ? tlsFiles(paths[role]) : identityFiles(paths[role]);
  const { privateKey, publicKey } = newKey ? await generateKeyPair() : keysIn(files.key);
  const authority = readAuthority(kind === 'tls' ? paths.tlsCa : paths.ca, province.mspId);
  const commonName = commonNameOf(role, member);
  const hosts = role === 'admin' ? [] : [host, '127.0.0.1', 'localhost'];
  const request = {
    commonName,
    unit: role,
    publicKey,
    days: role === 'admin' ? ADMINISTRATOR_DAYS : NODE_DAYS,
    now: Date.now(),
    ...(kind === 'tls' && { tlsNames: [...new Set([commonName, ...hosts])] }),
  };
  const after = await issueCertificate(authority, request);
  return { ...files, privateKey, after };
}

/** The same of the identity that reads blocks and heights for the province's API, which has to be started anew to use it. */
export async function renewReader({ root }: Network, { province }: Member): Promise<Renewed> {
  const { reader, ca } = provincePaths(root, province.slug);
  const { privateKey, publicKey } = await generateKeyPair();
  const request = { commonName: `reader.${province.slug}`, unit: 'client' as const, publicKey, days: NODE_DAYS, now: Date.now() };
  const after = await issueCertificate(readAuthority(ca, province.mspId), request);
  return { key: join(reader, 'key.pem'), certificate: join(reader, 'certificate.pem'), privateKey, after };
}

/** The certificate last: key and certificate that do not belong together are refused, and the command is given again. */
export function put({ key, certificate, privateKey, after }: Renewed): void {
  writeWhole(key, privateKey, 0o600);
  writeWhole(certificate, after, 0o644);
}

export type OrdererKind = 'identity' | 'tls';

function preparedFiles({ root }: Network, { province }: Member, kind: OrdererKind): Files {
  const folder = join(provincePaths(root, province.slug).orderer, 'prepared', kind);
  return { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
}

export function isPrepared(network: Network, member: Member, kind: OrdererKind): boolean {
  return existsSync(preparedFiles(network, member, kind).certificate);
}

/**
 * An orderer's new key and certificate, kept until they are in place: the channel is told of them before, and must
 * never name a key that a crash lost. What was prepared before is gone on with.
 */
export async function prepare(network: Network, member: Member, kind: OrdererKind): Promise<Renewed> {
  const kept = preparedFiles(network, member, kind);
  const renewed = await renew(network, member, 'orderer', kind, true);
  if (!isPrepared(network, member, kind)) put({ ...renewed, ...kept });
  return { ...renewed, privateKey: readFileSync(kept.key, 'utf8'), after: readFileSync(kept.certificate, 'utf8') };
}

/** Puts what was prepared in its place. */
export function putPrepared(network: Network, member: Member, kind: OrdererKind, renewed: Renewed): void {
  put(renewed);
  rmSync(dirname(preparedFiles(network, member, kind).key), { recursive: true, force: true });
}
