/** Secrets that a first start makes: one file each, readable by its owner alone, never half written. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Two processes may start at once: a link fails where a file already is, so the first one's secret stays. */
function create(path: string, content: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const descriptor = openSync(draft, 'wx', 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFolder(folder);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * The secret in a file; where there is none, `make` gives its first content.
 * @throws Error when everybody on the machine may read the file
 */
export function openSecretFile(path: string, make: () => string): string {
  if (readIfThere(path) === undefined) create(path, make());
  if (statSync(path).mode & 0o007) throw new Error(`${path} is open to every user of this machine; chmod 600 it`);
  return readFileSync(path, 'utf8');
}

/** A 256-bit key in hex. @throws Error when the file holds something else */
export function openKeyFile(path: string): Buffer {
  const text = openSecretFile(path, () => `${randomBytes(32).toString('hex')}\n`).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path} does not hold a key of 64 hexadecimal digits`);
  return Buffer.from(text, 'hex');
}
