import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('outbox')
    .addColumn('transaction_id', 'text', (column) => column.primaryKey())
    .addColumn('envelope', 'text', (column) => column.notNull())
    .execute();
}
