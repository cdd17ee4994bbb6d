/** Editions of the published list, as they are answered. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { key, ordinal } from '../../chaincode/state/keys.js';
import type { Page } from '../http/page.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';

/** Newest questions first; an edition of 3,190 entries is 600 kB, and 160 kB compressed. */
const KEPT = 8;

/** The same answer under each content coding (RFC 9110, 8.4) that is offered. */
export type Encoded = Readonly<Record<'gzip' | 'identity', Buffer>>;

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

/** Whole editions as JSON in UTF-8. An edition never changes, so the last ones asked for are kept, compressed once. */
export class Editions {
  readonly #store: Store;
  readonly #kept = new Map<number, Encoded>();

  constructor(store: Store) {
    this.#store = store;
  }

  async whole(number: number): Promise<Encoded | undefined> {
    const edition = this.#kept.get(number) ?? (await this.#make(number));
    if (!edition) return undefined;
    this.#kept.delete(number);
    this.#kept.set(number, edition);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return edition;
  }

  async #make(number: number): Promise<Encoded | undefined> {
    const [row] = await selectEdition(this.#store.db, number, key('edition', ordinal(number)));
    if (!row) return undefined;
    const { entries } = JSON.parse(row.value) as { readonly entries: unknown };
    const text = `${row.summary.slice(0, -1)},"entries":${JSON.stringify(entries)},"diff":${row.difference}}`;
    return { identity: Buffer.from(text), gzip: await promisify(gzip)(text) };
  }
}
