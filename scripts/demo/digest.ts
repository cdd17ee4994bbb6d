/** Digests as the ledger takes them: SHA-256 and SM3 over a file's bytes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Digest {
  readonly alg: 'sha-256' | 'sm3';
  readonly value: string;
}

/** The documents stand beside the sources; the compiled module looks there too. */
const HERE = dirname(fileURLToPath(import.meta.url));
export const DOCUMENTS = join(HERE.replace(/\/dist\/scripts\/demo$/, '/scripts/demo'), 'files');

export function digest(bytes: Uint8Array | string, alg: Digest['alg'] = 'sha-256'): Digest {
  const name = alg === 'sha-256' ? 'sha256' : 'sm3';
  return { alg, value: createHash(name).update(bytes).digest('hex') };
}

/** A document of `scripts/demo/files`. */
export function document(name: string): Buffer {
  return readFileSync(join(DOCUMENTS, name));
}
