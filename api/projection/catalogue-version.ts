import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import {
  type CatalogueVersionRecord,
  responsibleAgencies,
  type ServiceItemContent,
} from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('catalogue_version')
    .values({ key: p(0), kind: p(1), code: p(2), version: p(3), status: p(4), domain: p(5), audience: p(6) })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ status: eb.ref('excluded.status') }))),
);

const putResponsible = prepare((db, p) =>
  db
    .insertInto('catalogue_province')
    .values({ key: p(0), province: p(1), agency_id: p(2) })
    .onConflict((conflict) => conflict.columns(['key', 'province', 'agency_id']).doNothing()),
);

export const catalogueVersionProjector: Projector = {
  type: 'catalogue-version',
  history: true,
  tables: {
    catalogue_version: async (db) => {
      await db.schema
        .createTable('catalogue_version')
        .addColumn('key', 'text', (column) => column.primaryKey())
        .addColumn('kind', 'text', (column) => column.notNull())
        .addColumn('code', 'text', (column) => column.notNull())
        .addColumn('version', 'integer', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('domain', 'text')
        .addColumn('audience', 'text')
        .execute();
    },
    catalogue_province: async (db) => {
      await db.schema
        .createTable('catalogue_province')
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('province', 'text', (column) => column.notNull())
        .addColumn('agency_id', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('catalogue_province_pk', ['key', 'province', 'agency_id'])
        .execute();
    },
  },
  project: async (db, { key, value }) => {
    const record = value as CatalogueVersionRecord;
    const { domain, audience } = record.content as Partial<ServiceItemContent>;
    await put(db, key, record.kind, record.code, record.version, record.status, domain ?? null, audience ?? null);
    for (const province of PROVINCE_CODES)
      for (const agency of responsibleAgencies(record, province)) await putResponsible(db, key, province, agency);
  },
};
