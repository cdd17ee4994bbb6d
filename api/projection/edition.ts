import { key, ordinal } from '../../chaincode/state/keys.js';
import { CATALOGUE_KINDS } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import type { EditionEntry, EditionRecord } from '../../chaincode/transactions/catalogue/edition.js';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';
import type { Projector } from './framework.js';

/** How the list has grown: entries by kind, and changes since the first edition. */
interface Growth {
  readonly added: number;
  readonly changed: number;
  readonly withdrawn: number;
}

/** An edition without its entries. */
export interface EditionSummary extends Omit<EditionRecord, 'entries'> {
  readonly entriesByKind: Readonly<Record<string, number>>;
  readonly growth: Growth;
}

interface Before {
  readonly entries: readonly EditionEntry[];
  readonly growth: Growth;
}

const FIRST: Before = { entries: [], growth: { added: 0, changed: 0, withdrawn: 0 } };

const selectBefore = prepare((db, p) =>
  db
    .selectFrom('edition_index')
    .innerJoin('record', (join) => join.on('record.key', '=', p(1)))
    .select(['edition_index.summary', 'record.value'])
    .where('edition_index.number', '=', p(0)),
);

const put = prepare((db, p) => db.insertInto('edition_index').values({ number: p(0), summary: p(1), difference: p(2) }));

async function editionBefore(db: StoreTransaction, number: number): Promise<Before> {
  const [row] = await selectBefore(db, number, key('edition', ordinal(number)));
  if (!row) return FIRST;
  const { entries } = JSON.parse(row.value) as EditionRecord;
  const { growth } = JSON.parse(row.summary) as EditionSummary;
  return { entries, growth };
}

function without(entries: readonly EditionEntry[], others: readonly EditionEntry[]): EditionEntry[] {
  const there = new Set(others.map(({ kind, code, version }) => `${kind}/${code}/${version}`));
  return entries.filter(({ kind, code, version }) => !there.has(`${kind}/${code}/${version}`));
}

/** One entry that takes another one's place is a change; alone it is an addition or a withdrawal. */
function grown({ added, changed, withdrawn }: Growth, more: number, fewer: number): Growth {
  const changes = Math.min(more, fewer);
  return { added: added + more - changes, changed: changed + changes, withdrawn: withdrawn + fewer - changes };
}

/**
 * Editions: what a list of them shows, and their difference, are made once, when an edition comes. Each holds
 * the whole published list, and whoever asks would else read several of them.
 */
export const editionProjector: Projector = {
  type: 'edition',
  tables: {
    edition_index: async (db) => {
      await db.schema
        .createTable('edition_index')
        .addColumn('number', 'integer', (column) => column.primaryKey())
        .addColumn('summary', 'text', (column) => column.notNull())
        .addColumn('difference', 'text', (column) => column.notNull())
        .execute();
    },
  },
  project: async (db, { value }) => {
    const { entries, ...edition } = value as EditionRecord;
    const before = await editionBefore(db, edition.number - 1);
    const added = without(entries, before.entries);
    const removed = without(before.entries, entries);
    const counts = CATALOGUE_KINDS.map((kind) => [kind, entries.filter((entry) => entry.kind === kind).length]);
    const summary: EditionSummary = {
      ...edition,
      entriesByKind: Object.fromEntries(counts),
      growth: grown(before.growth, added.length, removed.length),
    };
    await put(db, edition.number, JSON.stringify(summary), JSON.stringify({ added, removed }));
  },
};
