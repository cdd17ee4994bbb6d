/**
 * A Kysely dialect over `node:sqlite`. Reads outside a transaction go to the reader at once; a
 * transaction, or a write of its own, has the writer to itself.
 *
 * `durable` decides what a commit means: with it the commit is on the disk, without it a crash of the
 * process loses nothing but a crash of the machine may lose the newest commits. What the ledger can give
 * back needs no more than the second.
 */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Handle, SqliteHandles } from './sqlite-handles.js';

class Connection implements DatabaseConnection {
  readonly #handles: SqliteHandles;
  readonly #durable: boolean;
  #release: (() => void) | undefined;

  constructor(handles: SqliteHandles, durable: boolean) {
    this.#handles = handles;
    this.#durable = durable;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#release) return this.#run(this.#handles.writer, query);
    if (SelectQueryNode.is(query.query)) return this.#run(this.#handles.reader, query);
    await this.#acquire();
    try {
      return this.#run(this.#handles.writer, query);
    } finally {
      this.#free();
    }
  }

  async begin(): Promise<void> {
    await this.#acquire();
    try {
      this.#handles.writer.script('BEGIN IMMEDIATE');
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  /** A commit that fails keeps the writer: the rollback that Kysely asks for next lets it go. */
  commit(): void {
    this.#handles.writer.script('COMMIT');
    this.#free();
  }

  rollback(): void {
    try {
      if (this.#handles.writer.inTransaction) this.#handles.writer.script('ROLLBACK');
    } finally {
      this.#free();
    }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }

  async #acquire(): Promise<void> {
    this.#release = await this.#handles.lock();
    if (this.#durable) this.#handles.writer.script('PRAGMA synchronous = FULL');
  }

  #free(): void {
    const release = this.#release;
    this.#release = undefined;
    if (this.#durable) this.#handles.writer.script('PRAGMA synchronous = NORMAL');
    release?.();
  }

  #run<R>(handle: Handle, query: CompiledQuery): QueryResult<R> {
    const { rows, changes } = handle.run(query.sql, query.parameters);
    return { rows: rows as R[], numAffectedRows: changes };
  }
}

class NodeSqliteDriver implements Driver {
  readonly #handles: SqliteHandles;
  readonly #durable: boolean;

  constructor(handles: SqliteHandles, durable: boolean) {
    this.#handles = handles;
    this.#durable = durable;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new Connection(this.#handles, this.#durable);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).begin();
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    (connection as Connection).commit();
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

export function nodeSqliteDialect(handles: SqliteHandles, { durable }: { durable: boolean }): Dialect {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new NodeSqliteDriver(handles, durable),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db: Kysely<unknown>) => new SqliteIntrospector(db),
  };
}
