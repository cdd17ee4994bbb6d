import type { OfficerRecord } from '../../chaincode/transactions/registry/officer.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('officer_index')
    .values({ key: p(0), officer_id: p(1), centre_id: p(2), status: p(3) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ status: eb.ref('excluded.status') }))),
);

export const officerProjector: Projector = {
  type: 'officer',
  history: true,
  tables: {
    officer_index: async (db) => {
      await db.schema
        .createTable('officer_index')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('officer_id', 'text', (column) => column.notNull())
        .addColumn('centre_id', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .execute();
    },
  },
  project: async (db, { key, value }) => {
    const { officerId, centreId, status } = value as OfficerRecord;
    await put(db, key, officerId, centreId, status);
  },
};
