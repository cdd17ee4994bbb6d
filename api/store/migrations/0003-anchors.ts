import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('anchor_batch')
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('operation', 'text')
    .addColumn('transaction_id', 'text')
    .execute();
  await db.schema.createIndex('anchor_batch_transaction').on('anchor_batch').column('transaction_id').execute();
  await db.schema
    .createTable('anchor_record')
    .addColumn('number', 'bigint', (column) => column.primaryKey())
    .addColumn('digest_key', 'bigint', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('anchor_record_digest').on('anchor_record').column('digest_key').execute();
  await db.schema
    .createTable('anchor_pending')
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('anchor_pending_pk', ['agency', 'tag'])
    .execute();
}
