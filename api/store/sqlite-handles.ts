/**
 * Two handles on one SQLite file in WAL mode: a writer that transactions queue for, and a reader whose
 * statements see the last commit and never wait. Prepared statements are kept, since preparing costs
 * more than most of our queries do.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Checkpoints } from '../../network/sqlite/checkpoints.js';
import { LogSync } from '../../network/sqlite/log-sync.js';
import { Turns } from '../../network/sqlite/turns.js';
import { LookedUp } from './looked-up.js';

const KEPT_STATEMENTS = 500;

/**
 * A checkpoint copies the log into the database and waits for the disk; a thread of its own does. After so many
 * rows: seldom, so that most pages are copied once for many changes.
 */
const ROWS_A_CHECKPOINT = 8000;
const WRITER_SETUP = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -16384;
  PRAGMA foreign_keys = ON;
  PRAGMA secure_delete = ON;
`;
const READER_SETUP = 'PRAGMA cache_size = -16384;';

export type Row = Record<string, unknown>;

/** How a query's outcome comes back: rows of a reading statement, or what a writing one changed. */
export interface Outcome {
  readonly rows: Row[];
  readonly changes: bigint;
}

export class Handle {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, { statement: StatementSync; returnsRows: boolean }>();
  #changed = 0;

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
    const { changes } = statement.run(...values);
    this.#changed += Number(changes);
    return { rows: [], changes: BigInt(changes) };
  }

  /** How many rows were written since this was asked last. */
  takeChanged(): number {
    const changed = this.#changed;
    this.#changed = 0;
    return changed;
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
  readonly writer: Handle;
  readonly #reader: Handle;
  readonly #lookedUp = new LookedUp();
  readonly #checkpoints: Checkpoints;
  readonly #turns = new Turns();
  readonly #sync: LogSync;

  constructor(path: string) {
    this.writer = new Handle(path, false);
    this.writer.script(WRITER_SETUP);
    this.#reader = new Handle(path, true);
    this.#reader.script(READER_SETUP);
    const checkpointEvery = (pages: number) => this.writer.script(`PRAGMA wal_autocheckpoint = ${pages}`);
    const still = (work: () => Promise<void>) =>
      this.#turns.run(() => {
        this.#endSnapshot();
        return work();
      });
    this.#checkpoints = new Checkpoints({ checkpointEvery, still }, path, ROWS_A_CHECKPOINT);
    this.#sync = new LogSync(path);
  }

  /**
   * Reads the last commit. Reads between two commits share one snapshot, which spares each of them the
   * locks; the commit ends it, so that none ever sees less than was committed.
   */
  read(sql: string, parameters: readonly unknown[]): Outcome {
    if (!this.#reader.inTransaction) this.#reader.run('BEGIN', []);
    return this.#reader.run(sql, parameters);
  }

  /** Reads as `read` does; a look-up that the same snapshot has answered before is answered from memory. */
  lookUp(sql: string, parameters: readonly unknown[]): readonly Row[] {
    return this.#lookedUp.rows(sql, parameters) ?? this.#lookedUp.keep(sql, parameters, this.read(sql, parameters).rows);
  }

  begin(): void {
    this.writer.run('BEGIN IMMEDIATE', []);
  }

  commit(): void {
    this.#endSnapshot();
    this.writer.run('COMMIT', []);
    this.#checkpoints.noted(this.writer.takeChanged());
  }

  /** One statement that is its own transaction. */
  change(sql: string, parameters: readonly unknown[]): Outcome {
    this.#endSnapshot();
    const outcome = this.writer.run(sql, parameters);
    this.#checkpoints.noted(this.writer.takeChanged());
    return outcome;
  }

  rollback(): void {
    if (this.writer.inTransaction) this.writer.run('ROLLBACK', []);
  }

  /**
   * Takes what was deleted off the disk: deleting overwrites with zeros, and emptying the log leaves no
   * older copy of a page. Nobody else may write meanwhile. @throws Error when the log cannot be emptied now
   */
  async scrub(): Promise<void> {
    const [row] = await this.#checkpoints.alone(() => {
      this.#endSnapshot();
      return this.writer.run('PRAGMA wal_checkpoint(TRUNCATE)', []).rows;
    });
    if (row?.busy !== 0) throw new Error('the log of the store is in use');
  }

  /** Waits for the writer. @returns the function that lets the next one have it */
  lock(): Promise<() => void> {
    return this.#turns.take();
  }

  /** What a durable commit asks first, and waits for when it is made. @throws Error once the disk has failed */
  get disk(): Pick<LogSync, 'check' | 'synced'> {
    return this.#sync;
  }

  async close(): Promise<void> {
    await this.#checkpoints.stop();
    await this.#sync.close();
    this.#reader.close();
    this.writer.close();
  }

  #endSnapshot(): void {
    this.#lookedUp.forget();
    if (this.#reader.inTransaction) this.#reader.run('COMMIT', []);
  }
}
