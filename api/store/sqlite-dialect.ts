/**
 * A Kysely dialect over `node:sqlite`. Reads outside a transaction go to the reader at once; single
 * writes are committed in groups; a transaction has the writer to itself.
 *
 * `durable` decides what a commit means: with it the commit is on the disk, without it a crash of the
 * process loses nothing but a crash of the machine may lose the newest commits. What the ledger can give
 * back needs no more than the second.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  DeleteQueryNode,
  type Dialect,
  type Driver,
  InsertQueryNode,
  type Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  UpdateQueryNode,
} from 'kysely';
import type { Direct } from './direct.js';
import type { Outcome, SqliteHandles } from './sqlite-handles.js';
import { WriteGroup } from './write-group.js';

/** The writer, for one at a time, with the durability that was asked for. */
class Writer {
  readonly handles: SqliteHandles;
  readonly #durable: boolean;

  constructor(handles: SqliteHandles, durable: boolean) {
    this.handles = handles;
    this.#durable = durable;
  }

  /** @throws Error when what must be durable cannot be any more */
  async acquire(): Promise<() => void> {
    if (this.#durable) this.handles.disk.check();
    return await this.handles.lock();
  }

  /** Resolves when what was committed is as durable as it was asked to be: the next one has the writer meanwhile. */
  async committed(): Promise<void> {
    if (this.#durable) await this.handles.disk.synced();
  }

  async alone<T>(work: () => T): Promise<T> {
    const release = await this.acquire();
    let outcome: T;
    try {
      outcome = work();
    } finally {
      release();
    }
    await this.committed();
    return outcome;
  }
}

function isWrite({ query }: CompiledQuery): boolean {
  return InsertQueryNode.is(query) || UpdateQueryNode.is(query) || DeleteQueryNode.is(query);
}

class Connection implements DatabaseConnection {
  readonly #writer: Writer;
  readonly #group: WriteGroup;
  #release: (() => void) | undefined;

  constructor(writer: Writer, group: WriteGroup) {
    this.#writer = writer;
    this.#group = group;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, changes } = await this.#ask(query);
    return { rows: rows as R[], numAffectedRows: changes };
  }

  async begin(): Promise<void> {
    this.#release = await this.#writer.acquire();
    try {
      this.#writer.handles.begin();
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  /** A commit that fails keeps the writer: the rollback that Kysely asks for next lets it go. */
  async commit(): Promise<void> {
    this.#writer.handles.commit();
    this.#free();
    await this.#writer.committed();
  }

  /** After a commit that the disk did not take there is nothing to roll back, and the writer is somebody else's. */
  rollback(): void {
    if (!this.#release) return;
    try {
      this.#writer.handles.rollback();
    } finally {
      this.#free();
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  #ask(query: CompiledQuery): Outcome | Promise<Outcome> {
    const { sql, parameters } = query;
    const { handles } = this.#writer;
    if (this.#release) return handles.writer.run(sql, parameters);
    if (SelectQueryNode.is(query.query)) return handles.read(sql, parameters);
    if (isWrite(query)) return this.#group.write(sql, parameters);
    // What changes tables, or is written by hand, has the writer to itself.
    return this.#writer.alone(() => handles.change(sql, parameters));
  }

  #free(): void {
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }
}

class NodeSqliteDriver implements Driver {
  readonly #writer: Writer;
  readonly #group: WriteGroup;

  constructor(writer: Writer, group: WriteGroup) {
    this.#writer = writer;
    this.#group = group;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new Connection(this.#writer, this.#group);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).commit();
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as Connection).rollback();
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

/** SQLite rolls a change of tables back like any other, so migrations run in one transaction. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

export interface NodeSqlite {
  readonly dialect: Dialect;
  readonly direct: Direct;
}

export function nodeSqlite(handles: SqliteHandles, { durable }: { durable: boolean }): NodeSqlite {
  const writer = new Writer(handles, durable);
  const group = new WriteGroup(handles, (work) => writer.alone(work));
  return {
    dialect: {
      createAdapter: () => new TransactionalAdapter(),
      createDriver: () => new NodeSqliteDriver(writer, group),
      createQueryCompiler: () => new SqliteQueryCompiler(),
      createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
    },
    direct: {
      read: (sql, parameters) => handles.lookUp(sql, parameters),
      write: async (sql, parameters) => (await group.write(sql, parameters)).rows,
      inside: (sql, parameters) => handles.writer.run(sql, parameters).rows,
    },
  };
}
