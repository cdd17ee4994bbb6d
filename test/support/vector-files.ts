/**
 * Writes vectors, a folder a case, from `dist`. A folder that is there stays as it is, because what was issued must verify
 * for ever; to make a case anew, delete its folder. Keys are made for a run and forgotten: no vector holds one.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is judged, by the folder under `test/vectors`. */
export const JUDGED_FILES = { receipts: 'receipt.json', evidence: 'evidence.json', anchors: 'proof.json' } as const;
export type VectorKind = keyof typeof JUDGED_FILES;

export interface VectorFiles {
  /** the folder's name, and the test's */
  readonly name: string;
  readonly about: string;
  /** what is judged, as it is */
  readonly judged: string | Uint8Array;
  readonly trust: string;
  /** revocation lists, PEM */
  readonly lists?: readonly string[];
  readonly document?: Uint8Array;
  readonly verdict: 'holds' | 'fails' | 'unknown';
  /** code by check, for every check that does not pass */
  readonly faults: Readonly<Record<string, string>>;
}

const FOLDER = join(import.meta.dirname, '../../../test/vectors');

function keep(kind: VectorKind, { name, about, judged, trust, lists = [], document, verdict, faults }: VectorFiles): boolean {
  const folder = join(FOLDER, kind, name);
  if (existsSync(folder)) return false;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'case.json'), `${JSON.stringify({ about, verdict, faults }, null, 2)}\n`);
  writeFileSync(join(folder, JUDGED_FILES[kind]), judged);
  writeFileSync(join(folder, 'trust.json'), trust);
  if (document) writeFileSync(join(folder, 'document'), document);
  for (const [index, list] of lists.entries()) writeFileSync(join(folder, `list-${index}.crl`), list);
  return true;
}

/** Keeps those that are new, and says how many. */
export function keepVectors(kind: VectorKind, vectors: readonly VectorFiles[]): void {
  const made = vectors.filter((vector) => keep(kind, vector));
  process.stdout.write(`${kind}: ${vectors.length} cases, ${made.length} made now\n`);
}
