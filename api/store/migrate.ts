import { type Kysely, Migrator, sql } from 'kysely';
import { MIGRATIONS } from './migrations/index.js';

/** The store was written by newer software than this. */
export class StoreTooNew extends Error {
  override readonly name = 'StoreTooNew';

  constructor(unknown: readonly string[]) {
    super(`the store has migrations that this version does not know (${unknown.join(', ')}): start the version that wrote it`);
  }
}

async function applied(db: Kysely<unknown>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db);
  return rows.map((row) => row.name);
}

/** Brings the off-chain tables to this version, all migrations in one transaction. */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's own parameter for "any database"
export async function migrate(db: Kysely<any>, migrations = MIGRATIONS): Promise<void> {
  const unknown = (await applied(db)).filter((name) => !(name in migrations));
  if (unknown.length > 0) throw new StoreTooNew(unknown);
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } }).migrateToLatest();
  if (error) throw error;
}
