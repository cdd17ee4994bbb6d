/** Tables of small rows that are found by their primary key only. */
import { type CreateTableBuilder, type Kysely, SqliteAdapter, sql } from 'kysely';

/**
 * Keeps the rows in the primary key's index, where SQLite would else have a table and an index, and two pages to
 * change for each row. Another database keeps its own way.
 */
export function clustered<Table extends string, Columns extends string>(
  db: Kysely<unknown>,
  table: CreateTableBuilder<Table, Columns>,
): CreateTableBuilder<Table, Columns> {
  return db.getExecutor().adapter instanceof SqliteAdapter ? table.modifyEnd(sql`without rowid`) : table;
}
