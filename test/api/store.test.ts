import { statSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, type Migration } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { migrate, StoreTooNew } from '../../api/store/migrate.js';
import { MIGRATIONS } from '../../api/store/migrations/index.js';
import { prepare } from '../../api/store/prepared.js';
import { nodeSqlite } from '../../api/store/sqlite-dialect.js';
import { SqliteHandles } from '../../api/store/sqlite-handles.js';
import { type Database, openSqliteStore, type Store } from '../../api/store/store.js';

const entry = (id: string) => ({ id, agency: 'a', operation: 'o' });

describe('the store', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-'));
    store = await openSqliteStore(join(folder, 'deep', 'store.db'));
  });
  afterEach(async () => {
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  const put = (id: string, db = store.db) => db.insertInto('announced_transaction').values(entry(id)).execute();
  const ids = async () =>
    (await store.db.selectFrom('announced_transaction').select('id').orderBy('id').execute()).map(({ id }) => id);

  it('reads what was written, through either of its two ways', async () => {
    await put('one');
    await put('two', store.durable);
    expect(await ids()).toEqual(['one', 'two']);
  });

  it('shows nobody a transaction that is not committed', async () => {
    await store.db.transaction().execute(async (db) => {
      await db.insertInto('announced_transaction').values(entry('one')).execute();
      expect(await ids()).toEqual([]);
      expect(await db.selectFrom('announced_transaction').select('id').execute()).toEqual([{ id: 'one' }]);
    });
    expect(await ids()).toEqual(['one']);
  });

  it('takes a failed transaction back whole, and goes on', async () => {
    const failed = store.db.transaction().execute(async (db) => {
      await db.insertInto('announced_transaction').values(entry('one')).execute();
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    await put('two');
    expect(await ids()).toEqual(['two']);
  });

  it('copies what was committed into its file while others write, and empties the log when asked', async () => {
    const file = join(folder, 'deep', 'store.db');
    const rows = (round: number) => Array.from({ length: 300 }, (_, index) => entry(`${round}-${index}-${'x'.repeat(100)}`));
    const before = statSync(file).size;
    const rounds = Array.from({ length: 90 }, (_, round) =>
      store.db.transaction().execute((db) => db.insertInto('announced_transaction').values(rows(round)).execute()),
    );
    await Promise.all([...rounds, store.scrub()]);
    await store.scrub();
    expect(await ids()).toHaveLength(27_000);
    expect(statSync(`${file}-wal`).size).toBe(0);
    expect(statSync(file).size).toBeGreaterThan(before + 27_000 * 100);
  });

  describe('looked up by key', () => {
    const operationOf = prepare((db, p) => db.selectFrom('announced_transaction').select('operation').where('id', '=', p(0)));
    const update = (operation: string) =>
      store.db.updateTable('announced_transaction').set({ operation }).where('id', '=', 'one').execute();

    it('answers the same row from memory until the next commit, and never longer', async () => {
      expect(await operationOf(store.db, 'one')).toEqual([]);
      await put('one');
      const first = await operationOf(store.db, 'one');
      expect(first).toEqual([{ operation: 'o' }]);
      expect(await operationOf(store.db, 'one')).toBe(first);
      await update('p');
      expect(await operationOf(store.db, 'one')).toEqual([{ operation: 'p' }]);
      await store.db.transaction().execute((db) => db.deleteFrom('announced_transaction').where('id', '=', 'one').execute());
      expect(await operationOf(store.db, 'one')).toEqual([]);
    });

    it('keeps a row apart from what the number and the text of one name would find', async () => {
      await put('1');
      expect(await operationOf(store.db, '1')).toEqual([{ operation: 'o' }]);
      expect(await operationOf(store.db, '1","x')).toEqual([]);
      expect(await operationOf(store.db, Buffer.from('1'))).toEqual([]);
    });

    it('gives rows that no caller can change for the next', async () => {
      await put('one');
      const [row] = (await operationOf(store.db, 'one')) as [{ operation: string }];
      expect(() => {
        row.operation = 'mine';
      }).toThrow(TypeError);
      expect(await operationOf(store.db, 'one')).toEqual([{ operation: 'o' }]);
    });

    it('answers what is new to a transaction only after its commit', async () => {
      await operationOf(store.db, 'one');
      await store.db.transaction().execute(async (db) => {
        await db.insertInto('announced_transaction').values(entry('one')).execute();
        expect(await operationOf(store.db, 'one')).toEqual([]);
      });
      expect(await operationOf(store.db, 'one')).toEqual([{ operation: 'o' }]);
    });
  });

  describe('durable commits', () => {
    let fileHandle: Pick<FileHandle, 'datasync'>;
    beforeEach(async () => {
      const opened = await open(import.meta.filename, 'r');
      fileHandle = Object.getPrototypeOf(opened) as Pick<FileHandle, 'datasync'>;
      await opened.close();
    });
    afterEach(() => vi.restoreAllMocks());

    const transaction = (id: string) =>
      store.durable.transaction().execute(async (db) => {
        await db.insertInto('announced_transaction').values(entry(id)).execute();
      });

    it('are told when the log is on the disk, and keep nobody else waiting until then', async () => {
      let end = () => {};
      const synced = new Promise<void>((resolve) => {
        end = resolve;
      });
      const sync = vi.spyOn(fileHandle, 'datasync').mockReturnValue(synced);
      const told: string[] = [];
      const durable = [put('alone', store.durable), transaction('together')].map((one) => one.then(() => told.push('durable')));
      await vi.waitFor(() => expect(sync).toHaveBeenCalled());
      await put('other');
      expect([await ids(), told]).toEqual([['alone', 'other', 'together'], []]);
      end();
      await Promise.all(durable);
      expect(told).toEqual(['durable', 'durable']);
    });

    it('are not told as done when the disk did not take them, and neither is any after them', async () => {
      const sync = vi.spyOn(fileHandle, 'datasync').mockRejectedValueOnce(new Error('EIO'));
      await expect(transaction('lost')).rejects.toThrow('EIO');
      await expect(put('later', store.durable)).rejects.toThrow('EIO');
      await expect(transaction('later too')).rejects.toThrow('EIO');
      await put('other');
      expect(sync).toHaveBeenCalledOnce();
      expect(await ids()).toEqual(['lost', 'other']);
    });
  });

  it('goes on after a statement that fails', async () => {
    await put('one');
    await expect(put('one')).rejects.toThrow(/UNIQUE/);
    await put('two');
    expect(await ids()).toEqual(['one', 'two']);
  });

  it('lets one transaction in at a time', async () => {
    const steps: string[] = [];
    await Promise.all(
      Array.from({ length: 20 }, (_unused, number) =>
        (number % 2 ? store.db : store.durable).transaction().execute(async (db) => {
          steps.push(`enter ${number}`);
          await db
            .insertInto('announced_transaction')
            .values(entry(String(number)))
            .execute();
          await new Promise((resolve) => setImmediate(resolve));
          steps.push(`leave ${number}`);
        }),
      ),
    );
    const pairs = steps.filter((_step, index) => index % 2 === 0).flatMap((step) => [step, step.replace('enter', 'leave')]);
    expect(steps).toEqual(pairs);
    expect(await ids()).toHaveLength(20);
  });

  it('is still there after it was closed', async () => {
    await put('one');
    await store.close();
    store = await openSqliteStore(join(folder, 'deep', 'store.db'));
    expect(await ids()).toEqual(['one']);
  });

  describe('when the software changes', () => {
    const added: Migration = { up: (db) => db.schema.createTable('added').addColumn('id', 'integer').execute() };

    it('gets the new migrations, and keeps its rows', async () => {
      await put('one');
      await migrate(store.db, { ...MIGRATIONS, '9000-added': added });
      expect(await ids()).toEqual(['one']);
      const tables = await store.db.introspection.getTables();
      expect(tables.map(({ name }) => name)).toContain('added');
    });

    it('keeps the records that are still to be anchored when their table changes its form', async () => {
      const { '0006-clustered-pending': _newer, ...older } = MIGRATIONS;
      const file = join(folder, 'older.db');
      const handles = new SqliteHandles(file);
      const db = new Kysely<Database>({ dialect: nodeSqlite(handles, { durable: false }).dialect });
      await migrate(db, older);
      const rows = [{ agency: 'a', tag: 'ab'.repeat(12), number: 65537 }];
      await db.insertInto('anchor_pending').values(rows).execute();
      await handles.close();
      const reopened = await openSqliteStore(file);
      expect(await reopened.db.selectFrom('anchor_pending').selectAll().execute()).toEqual(rows);
      await reopened.close();
    });

    it('takes a migration that fails back whole', async () => {
      const broken: Migration = {
        up: async (db) => {
          await db.schema.createTable('half').addColumn('id', 'integer').execute();
          throw new Error('halfway');
        },
      };
      await expect(migrate(store.db, { ...MIGRATIONS, '9000-added': added, '9001-broken': broken })).rejects.toThrow('halfway');
      const names = (await store.db.introspection.getTables()).map(({ name }) => name);
      expect(names).not.toContain('half');
      expect(names).not.toContain('added');
      await put('one');
      expect(await ids()).toEqual(['one']);
    });

    it('refuses a store of newer software and changes nothing in it', async () => {
      await migrate(store.db, { ...MIGRATIONS, '9000-added': added });
      await expect(migrate(store.db)).rejects.toThrow(StoreTooNew);
      await expect(openSqliteStore(join(folder, 'deep', 'store.db'))).rejects.toThrow(/9000-added/);
    });
  });
});
