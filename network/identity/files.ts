/** Keys and certificates on disk: whole or not there, readable by their owner only. */
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MspId } from '../../chaincode/provinces.js';
import { DataFolderRefused } from '../errors.js';
import { type AuthorityMaterial, generateKeyPair, type KeyPair } from './authority.js';

/** Makes the entries of a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What a file is written as until it is whole; a crash may leave it. */
export function partialOf(file: string): string {
  return `${file}.partial`;
}

/** Writes a file so that a crash leaves the old one or the new one, never a part. */
export function writeWhole(file: string, content: string | Uint8Array, mode: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = partialOf(file);
  const descriptor = openSync(partial, 'w', mode);
  try {
    const bytes = Buffer.from(content);
    for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(partial, file);
  syncFolder(dirname(file));
}

function belongTogether(certificate: string, privateKey: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
  } catch {
    return false;
  }
}

/**
 * Checks a folder's `key.pem` against its `certificate.pem`. What another key signs under the certificate is
 * no signature of anybody, and would be found only by whoever verifies it.
 * @throws DataFolderRefused naming the folder
 */
export function checkKeyOf(folder: string): void {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const lost = !existsSync(key) || !existsSync(certificate);
  if (lost) throw new DataFolderRefused('damaged', `${folder} lost its key or certificate: restore it from a backup`);
  if (!belongTogether(readFileSync(certificate, 'utf8'), readFileSync(key, 'utf8')))
    throw new DataFolderRefused('damaged', `key and certificate of ${folder} do not belong together: restore them from a backup`);
}

/**
 * The key pair of a folder; made when there is none and never was one.
 * @throws DataFolderRefused when there is a certificate, whose key is then lost
 */
export async function keyPairIn(folder: string): Promise<KeyPair> {
  const file = join(folder, 'key.pem');
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'certificate.pem'))) checkKeyOf(folder);
    writeWhole(file, (await generateKeyPair()).privateKey, 0o600);
  }
  const privateKey = readFileSync(file, 'utf8');
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKey };
}

/** An authority's folder. @throws DataFolderRefused as `checkKeyOf` */
export function readAuthority(folder: string, mspId: MspId): AuthorityMaterial {
  checkKeyOf(folder);
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { mspId, certificate: read('certificate.pem'), privateKey: read('key.pem') };
}
