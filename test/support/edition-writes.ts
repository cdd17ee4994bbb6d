/** The whole edition that a change of the published list must write, made apart from the contract. */
import { createHash } from 'node:crypto';
import type { EditionEntry, EditionRecord } from '../../chaincode/transactions/catalogue/edition.js';
import type { ContractWorld } from './contract-world.js';

export const EMPTY_ROOT = createHash('sha256').digest('hex');

/** RFC 9162 root over entries, each written as the canonical JSON of its four members. */
export function rootOf(entries: readonly EditionEntry[]): string {
  const leaves = entries.map(({ kind, code, version, contentDigest }) => {
    const text = `{"code":"${code}","contentDigest":"${contentDigest}","kind":"${kind}","version":${version}}`;
    return createHash('sha256').update(`\0${text}`).digest();
  });
  const join = (hashes: readonly Buffer[]): Buffer => {
    const [only] = hashes;
    if (!only) return createHash('sha256').digest();
    if (hashes.length === 1) return only;
    const split = 2 ** Math.ceil(Math.log2(hashes.length) - 1);
    return createHash('sha256')
      .update('\x01')
      .update(join(hashes.slice(0, split)))
      .update(join(hashes.slice(split)))
      .digest();
  };
  return join(leaves).toString('hex');
}

const keyOf = (number: number) => `edition~${String(number).padStart(8, '0')}`;

/** The edition as it stands; its next one is given the change and the content digest of the version that it changes. */
export function editionWrites({ contracts }: { readonly contracts: ContractWorld }) {
  const { number: last } = contracts.read<{ number: number }>('edition-head~all') ?? { number: 0 };
  const before = contracts.read<EditionRecord>(keyOf(last));
  return (change: EditionRecord['change'], contentDigest: string, recordedAt: string): Record<string, unknown> => {
    const { kind, code, version } = change;
    const others = (before?.entries ?? []).filter((entry) => entry.kind !== kind || entry.code !== code);
    const listed = change.action === 'publish' || change.action === 'resume' ? [{ kind, code, version, contentDigest }] : [];
    const place = (entry: EditionEntry) => `${entry.kind}~${entry.code}~`;
    const entries = [...others, ...listed].sort((left, right) => (place(left) < place(right) ? -1 : 1));
    const edition: EditionRecord = {
      number: last + 1,
      change,
      size: entries.length,
      root: rootOf(entries),
      previousRoot: before?.root ?? EMPTY_ROOT,
      entries,
      recordedAt,
    };
    return { 'edition-head~all': { number: last + 1 }, [keyOf(last + 1)]: edition };
  };
}
