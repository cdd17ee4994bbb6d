/** A SQLite file of an audited folder, opened so that nothing is written beside it. */
import { constants, copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

export interface ReadOnlyDatabase {
  readonly database: DatabaseSync;
  close(): void;
}

function immutable(path: string): DatabaseSync {
  const url = pathToFileURL(path);
  // Without it SQLite makes `-shm` beside a database in WAL mode, even to read it.
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
}

/** A process that was killed leaves commits in the write-ahead log: then a copy is opened, with that log. */
export function openReadOnly(path: string): ReadOnlyDatabase {
  const wal = `${path}-wal`;
  if (!existsSync(wal) || statSync(wal).size === 0) {
    const database = immutable(path);
    return { database, close: () => database.close() };
  }
  const folder = mkdtempSync(join(tmpdir(), 'delta-audit-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(path));
    for (const suffix of ['', '-wal']) copyFileSync(path + suffix, copy + suffix, constants.COPYFILE_FICLONE);
    const database = new DatabaseSync(copy);
    return {
      database,
      close: () => {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** What SQLite itself finds wrong with the file; undefined when nothing. */
export function integrityFault({ database }: ReadOnlyDatabase): string | undefined {
  const [first] = database.prepare('PRAGMA integrity_check(1)').all();
  const said = String(first?.integrity_check ?? 'no answer');
  return said === 'ok' ? undefined : said;
}
