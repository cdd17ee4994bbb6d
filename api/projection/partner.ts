import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('partner_index')
    .values({ key: p(0), centre_id: p(1), partner_id: p(2) })
    .onConflict((conflict) => conflict.column('key').doNothing()),
);

/** Who a service centre has agreed with, or asked: found by the centre. */
export const partnerProjector: Projector = {
  type: 'partner',
  history: true,
  tables: {
    partner_index: async (db) => {
      await db.schema
        .createTable('partner_index')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('centre_id', 'text', (column) => column.notNull())
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('partner_index_centre').on('partner_index').columns(['centre_id', 'key']).execute();
    },
  },
  project: async (db, { key, parts }) => {
    await put(db, key, parts[0], parts[1]);
  },
};
