import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('agency_index')
    .values({ key: p(0), agency_id: p(1), province: p(2), kind: p(3), status: p(4) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ status: eb.ref('excluded.status') }))),
);

export const agencyProjector: Projector = {
  type: 'agency',
  history: true,
  tables: {
    agency_index: async (db) => {
      await db.schema
        .createTable('agency_index')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('agency_id', 'text', (column) => column.notNull())
        .addColumn('province', 'text', (column) => column.notNull())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .execute();
    },
  },
  project: async (db, { key, value }) => {
    const { agencyId, province, kind, status } = value as AgencyRecord;
    await put(db, key, agencyId, province, kind, status);
  },
};
