/** Editions of the published list, as they are answered. */
import { key, ordinal } from '../../chaincode/state/keys.js';
import type { Page } from '../http/page.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';

/** Newest questions first; an edition of 3,190 entries is 600 kB. */
const KEPT = 8;

export interface ListedEdition {
  readonly key: string;
  /** `EditionItem` as JSON */
  readonly summary: string;
}

export async function listEditions({ db }: Store, { limit, after }: Page): Promise<ListedEdition[]> {
  const rows = await db
    .selectFrom('edition_index')
    .select(['number', 'summary'])
    .$if(after !== undefined, (query) => query.where('number', '>', Number(after)))
    .orderBy('number')
    .limit(limit + 1)
    .execute();
  return rows.map(({ number, summary }) => ({ key: ordinal(number), summary }));
}

const selectEdition = prepare((db, p) =>
  db
    .selectFrom('edition_index')
    .innerJoin('record', (join) => join.on('record.key', '=', p(1)))
    .select(['edition_index.summary', 'edition_index.difference', 'record.value'])
    .where('edition_index.number', '=', p(0)),
);

/** Whole editions as JSON in UTF-8. An edition never changes, so the last ones asked for are kept. */
export class Editions {
  readonly #store: Store;
  readonly #kept = new Map<number, Buffer>();

  constructor(store: Store) {
    this.#store = store;
  }

  async whole(number: number): Promise<Buffer | undefined> {
    const text = this.#kept.get(number) ?? (await this.#make(number));
    if (!text) return undefined;
    this.#kept.delete(number);
    this.#kept.set(number, text);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return text;
  }

  async #make(number: number): Promise<Buffer | undefined> {
    const [row] = await selectEdition(this.#store.db, number, key('edition', ordinal(number)));
    if (!row) return undefined;
    const { entries } = JSON.parse(row.value) as { readonly entries: unknown };
    return Buffer.from(`${row.summary.slice(0, -1)},"entries":${JSON.stringify(entries)},"diff":${row.difference}}`);
  }
}
