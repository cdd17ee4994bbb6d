/**
 * An edition 清单版本 is the whole published list after one change, under an RFC 9162 root, chained to
 * the one before by its root: so anybody can prove that an entry was, or was not, on the list.
 */
import canonicalize from 'canonicalize';
import { buildTree, EMPTY_ROOT, leafHash } from '../../merkle/tree.js';
import { recordedAt, type Tx } from '../../runtime/tx.js';
import { key, ordinal } from '../../state/keys.js';
import { type CatalogueKind, type CatalogueVersionRecord, versionKey } from './catalogue-version.js';

export interface EditionEntry {
  readonly kind: CatalogueKind;
  readonly code: string;
  readonly version: number;
  readonly contentDigest: string;
}

export interface EditionRecord {
  readonly number: number;
  readonly change: {
    readonly action: 'publish' | 'suspend' | 'resume' | 'withdraw';
    readonly kind: CatalogueKind;
    readonly code: string;
    readonly version: number;
    /** the version that the published one takes the place of */
    readonly replaces?: number;
  };
  readonly size: number;
  readonly root: string;
  readonly previousRoot: string;
  /** in byte order of their versions' keys; a leaf is an entry's canonical JSON */
  readonly entries: readonly EditionEntry[];
  readonly recordedAt: string;
}

export interface EditionHeadRecord {
  readonly number: number;
}

const HEAD = key('edition-head', 'all');

function keyOf({ kind, code, version }: EditionEntry): string {
  return versionKey(kind, code, version);
}

/** A code has at most one version on the list, so a change takes whichever is there off first. */
function listAfter(
  before: readonly EditionEntry[],
  { change }: Pick<EditionRecord, 'change'>,
  contentDigest: string,
): EditionEntry[] {
  const { action, kind, code, version } = change;
  const others = before.filter((entry) => entry.kind !== kind || entry.code !== code);
  if (action === 'suspend' || action === 'withdraw') return others;
  return [...others, { kind, code, version, contentDigest }].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/** Writes the next edition. */
export async function recordEdition(
  tx: Tx,
  action: EditionRecord['change']['action'],
  { kind, code, version, contentDigest }: CatalogueVersionRecord,
  replaces?: number,
): Promise<void> {
  const head = await tx.state.get<EditionHeadRecord>(HEAD);
  const before = head && (await tx.state.get<EditionRecord>(key('edition', ordinal(head.number))));
  const change = { action, kind, code, version, ...(replaces === undefined ? {} : { replaces }) };
  const entries = listAfter(before?.entries ?? [], { change }, contentDigest);
  const { size, root } = buildTree(entries.map((entry) => leafHash(canonicalize(entry) as string)));
  const edition: EditionRecord = {
    number: (before?.number ?? 0) + 1,
    change,
    size,
    root,
    previousRoot: before?.root ?? EMPTY_ROOT,
    entries,
    recordedAt: recordedAt(tx, before),
  };
  tx.state.put(key('edition', ordinal(edition.number)), edition);
  tx.state.put(HEAD, { number: edition.number } satisfies EditionHeadRecord);
}
