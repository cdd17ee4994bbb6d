/**
 * The documents of one run. A digest stands on the ledger once, so every run but a ledger's first has
 * copies of its own: the same document with a comment at its end, kept in a temporary folder so that
 * `curl -F file=@…` can ask about them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, DOCUMENTS, digest, document } from './digest.js';

export interface Paper {
  readonly path: string;
  readonly bytes: Buffer;
  readonly digest: Digest;
  /** SHA-256 and SM3, as `POST /v1/certificates` takes them */
  readonly digests: readonly (Digest & { readonly role: 'original' })[];
}

export interface Papers {
  /** a document as it stands in `scripts/demo/files` */
  given(name: string): Paper;
  /** a document that a certificate is issued over: this run's own */
  issued(name: string): Paper;
}

function paper(path: string, bytes: Buffer): Paper {
  const digests = (['sha-256', 'sm3'] as const).map((alg) => ({ ...digest(bytes, alg), role: 'original' as const }));
  return { path, bytes, digest: digest(bytes), digests };
}

/** @param run the run whose own copies are made; undefined for the documents as they stand */
export function papersOf(run: string | undefined): Papers {
  const given = (name: string) => paper(join(DOCUMENTS, name), document(name));
  if (run === undefined) return { given, issued: given };
  const folder = join(tmpdir(), `delta-demo-${run}`);
  return {
    given,
    issued: (name) => {
      const bytes = Buffer.concat([document(name), Buffer.from(`\n% demonstration run ${run}\n`)]);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, name), bytes);
      return paper(join(folder, name), bytes);
    },
  };
}

/** The same document with one bit of one byte in its middle changed. */
export function withOneByteChanged(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const middle = changed.length >> 1;
  changed[middle] = (changed[middle] as number) ^ 1;
  return changed;
}
