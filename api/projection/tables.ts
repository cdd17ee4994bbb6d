/** Makes and drops the projected tables; the version says when the code no longer fits what was projected. */
import type { Kysely } from 'kysely';
import type { ProjectedTables } from '../store/projected-tables.js';
import type { StoreTransaction } from '../store/store.js';
import { PROJECTORS } from './projectors.js';
import { createTrace } from './trace/create-trace.js';

/** Raise it with every change to a projector or its tables: the next start then replays the chain. */
export const PROJECTION_VERSION = 9;

const ZERO_HASH = '0'.repeat(64);

type Create = (db: Kysely<unknown>) => Promise<void>;

async function createRecords(db: Kysely<unknown>, table: 'record' | 'record_version'): Promise<void> {
  const builder = db.schema
    .createTable(table)
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('block', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('transaction_id', 'text', (column) => column.notNull())
    .addColumn('time', 'text', (column) => column.notNull());
  if (table === 'record') await builder.addPrimaryKeyConstraint('record_pk', ['key']).execute();
  else await builder.addPrimaryKeyConstraint('record_version_pk', ['key', 'block', 'position']).execute();
}

async function createTransactions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ledger_transaction')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('block', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('validation_code', 'text', (column) => column.notNull())
    .addColumn('time', 'text', (column) => column.notNull())
    .addColumn('function', 'text', (column) => column.notNull())
    .addColumn('agency', 'text')
    .addColumn('operation', 'text')
    .addColumn('endorsers', 'text', (column) => column.notNull())
    .execute();
}

async function createPosition(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('projection_position')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('block', 'integer', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
}

const TABLES: Readonly<Partial<Record<keyof ProjectedTables, Create>>> = {
  projection_position: createPosition,
  record: (db) => createRecords(db, 'record'),
  record_version: (db) => createRecords(db, 'record_version'),
  ledger_transaction: createTransactions,
  trace: createTrace,
  ...Object.assign({}, ...PROJECTORS.map((projector) => projector.tables ?? {})),
};

export const PROJECTED_TABLE_NAMES = Object.keys(TABLES) as (keyof ProjectedTables)[];

/** Empties the projection: the next block it asks for is number 0. */
export async function resetProjection(db: StoreTransaction): Promise<void> {
  for (const [name, create] of Object.entries(TABLES)) {
    await db.schema.dropTable(name).ifExists().execute();
    await create(db as unknown as Kysely<unknown>);
  }
  await db.insertInto('projection_position').values({ id: 1, version: PROJECTION_VERSION, block: -1, hash: ZERO_HASH }).execute();
}
