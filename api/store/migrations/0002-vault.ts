import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('vault_subject')
    .addColumn('subject', 'text', (column) => column.primaryKey())
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('home_province', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('person', 'text')
    .addColumn('sealed', 'text')
    .addColumn('operation', 'text')
    .addColumn('fingerprint', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('erased_at', 'text')
    .execute();
  await db.schema.createIndex('vault_subject_person').on('vault_subject').column('person').execute();
  await db.schema.createIndex('vault_subject_operation').unique().on('vault_subject').columns(['agency', 'operation']).execute();
}
