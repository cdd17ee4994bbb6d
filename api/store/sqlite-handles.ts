/**
 * Two handles on one SQLite file in WAL mode: a writer that transactions queue for, and a reader whose
 * statements see the last commit and never wait. Prepared statements are kept, since preparing costs
 * more than most of our queries do.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

const KEPT_STATEMENTS = 500;

/** How a query's outcome comes back: rows of a reading statement, or what a writing one changed. */
export interface Outcome {
  readonly rows: Record<string, unknown>[];
  readonly changes: bigint;
}

export class Handle {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, { statement: StatementSync; returnsRows: boolean }>();

  constructor(path: string, readOnly: boolean) {
    this.#database = new DatabaseSync(path, { readOnly, timeout: 5000 });
  }

  script(text: string): void {
    this.#database.exec(text);
  }

  run(sql: string, parameters: readonly unknown[]): Outcome {
    const { statement, returnsRows } = this.#prepared(sql);
    const values = parameters.map(toSqlite);
    if (returnsRows) return { rows: statement.all(...values), changes: 0n };
    return { rows: [], changes: BigInt(statement.run(...values).changes) };
  }

  /** SQLite ends a transaction by itself when the disk is full or fails. */
  get inTransaction(): boolean {
    return this.#database.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepared(sql: string) {
    let prepared = this.#statements.get(sql);
    if (!prepared) {
      const statement = this.#database.prepare(sql);
      prepared = { statement, returnsRows: statement.columns().length > 0 };
      if (this.#statements.size >= KEPT_STATEMENTS) this.#statements.clear();
      this.#statements.set(sql, prepared);
    }
    return prepared;
  }
}

/** SQLite has no booleans. */
function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return (value ?? null) as SQLInputValue;
}

/** The file's two handles and the queue for the writing one. */
export class SqliteHandles {
  readonly reader: Handle;
  readonly writer: Handle;
  #last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.writer = new Handle(path, false);
    this.writer.script('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;');
    this.reader = new Handle(path, true);
  }

  /** Waits for the writer. @returns the function that lets the next one have it */
  async lock(): Promise<() => void> {
    let release = () => {};
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    const before = this.#last;
    this.#last = before.then(() => mine);
    await before;
    return release;
  }

  close(): void {
    this.reader.close();
    this.writer.close();
  }
}
