import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('catalogue_head')
    .values({ kind: p(0), code: p(1), latest: p(2), published: p(3) })
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'code'])
        .doUpdateSet((eb) => ({ latest: eb.ref('excluded.latest'), published: eb.ref('excluded.published') })),
    ),
);

/** Which version of an entry is the newest, and which one counts. */
export const catalogueHeadProjector: Projector = {
  type: 'catalogue-head',
  tables: {
    catalogue_head: async (db) => {
      await db.schema
        .createTable('catalogue_head')
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('latest', 'integer', (column) => column.notNull())
        .addColumn('published', 'integer')
        .addPrimaryKeyConstraint('catalogue_head_pk', ['kind', 'code'])
        .execute();
    },
  },
  project: async (db, { parts, value }) => {
    const { latest, published } = value as { readonly latest: number; readonly published?: number };
    await put(db, parts[0], parts[1], latest, published ?? null);
  },
};
