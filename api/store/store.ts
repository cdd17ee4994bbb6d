/**
 * The one SQL store: off-chain tables, which migrate, and projected tables, which replay. `db` and
 * `durable` are the same data; a commit through `durable` is on the disk before it returns.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, type Transaction } from 'kysely';
import { offerDirect } from './direct.js';
import { migrate } from './migrate.js';
import type { OffChainTables } from './off-chain-tables.js';
import type { ProjectedTables } from './projected-tables.js';
import { nodeSqlite } from './sqlite-dialect.js';
import { SqliteHandles } from './sqlite-handles.js';

export interface Database extends OffChainTables, ProjectedTables {}

export type StoreTransaction = Transaction<Database>;

export interface Store {
  readonly db: Kysely<Database>;
  readonly durable: Kysely<Database>;
  /** @throws Error once the disk did not take a commit, which says what to do: from then on nothing is durable until a restart */
  checkDisk(): void;
  /** Takes what was deleted, or overwritten, off the disk, with every older copy of it. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

/** Opens, or makes, the store in a file of SQLite. @throws StoreTooNew when newer software wrote it */
export async function openSqliteStore(file: string): Promise<Store> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const handles = new SqliteHandles(file);
  const [db, durable] = [false, true].map((isDurable) => {
    const { dialect, direct } = nodeSqlite(handles, { durable: isDurable });
    const opened = new Kysely<Database>({ dialect });
    offerDirect(opened, direct);
    return opened;
  }) as [Kysely<Database>, Kysely<Database>];
  const scrub = async () => {
    const release = await handles.lock();
    try {
      await handles.scrub();
    } finally {
      release();
    }
  };
  const close = async () => {
    await db.destroy();
    await durable.destroy();
    await handles.close();
  };
  try {
    await migrate(durable);
  } catch (error) {
    await close();
    throw error;
  }
  return { db, durable, checkDisk: () => handles.disk.check(), scrub, close };
}
