/** Digests and subject handles for tests, made from a word so that they are the same in every run. */
import { createHash } from 'node:crypto';

export function hash(word: string): string {
  return createHash('sha256').update(word).digest('hex');
}

export function sha256(word: string) {
  return { alg: 'sha-256' as const, value: hash(word) };
}
