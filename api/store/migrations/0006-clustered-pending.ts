import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { clustered } from '../clustered.js';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('anchor_pending').renameTo('anchor_pending_before').execute();
  const table = db.schema
    .createTable('anchor_pending')
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('tag', 'text', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('anchor_pending_by_tag', ['agency', 'tag']);
  await clustered(db, table).execute();
  await sql`insert into anchor_pending (agency, tag, number) select agency, tag, number from anchor_pending_before`.execute(db);
  await db.schema.dropTable('anchor_pending_before').execute();
}
