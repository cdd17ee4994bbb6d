/** Keys and certificates on disk: whole or not there, readable by their owner only. */
import { createPublicKey } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateKeyPair, type KeyPair } from './authority.js';

/** Makes the entries of a folder durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Writes a file so that a crash leaves the old one or the new one, never a part. */
export function writeWhole(file: string, content: string | Uint8Array, mode: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const partial = `${file}.partial`;
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

/** The key pair of a folder; made when there is none. */
export async function keyPairIn(folder: string): Promise<KeyPair> {
  const file = join(folder, 'key.pem');
  if (!existsSync(file)) writeWhole(file, (await generateKeyPair()).privateKey, 0o600);
  const privateKey = readFileSync(file, 'utf8');
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  return { privateKey, publicKey };
}
