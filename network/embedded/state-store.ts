/** The state, its history and the indexes of blocks and transactions, in SQLite: a copy of what the log says. */
import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { RecentValues } from './recent-values.js';
import type { StateReader, Version, VersionedValue, Write } from './simulation.js';
import { STATE_SCHEMA, STATE_STATEMENTS, STATE_VERSION } from './state-schema.js';

export interface Savepoint {
  readonly height: number;
  readonly hash: Buffer;
  readonly logLength: number;
  readonly commitHash: Buffer;
}

export interface TransactionPlace {
  readonly block: number;
  readonly position: number;
  readonly code: number;
}

/** A committed block, as far as state and indexes need it. */
export interface AppliedBlock {
  readonly number: number;
  readonly hash: Buffer;
  readonly offset: number;
  readonly next: number;
  readonly commitHash: Buffer;
  readonly transactions: readonly { readonly id: string; readonly code: number; readonly writes: readonly Write[] }[];
}

const EMPTY_SAVEPOINT: Omit<Savepoint, 'logLength'> = { height: 0, hash: Buffer.alloc(0), commitHash: Buffer.alloc(0) };

type Statements = { readonly [name in keyof typeof STATE_STATEMENTS]: StatementSync };

function buffer(value: unknown): Buffer {
  const bytes = value as Uint8Array;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** In memory of its own: a view keeps its whole envelope there, and a small copy the 64 KiB that Node takes it from. */
function ownCopy(value: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(value.length);
  copy.set(value);
  return copy;
}

function checksum(key: string, value: Uint8Array | undefined, version: Version): number {
  const seed = crc32(`${key}~${version.block}~${version.position}~${value ? value.length : 'deleted'}`);
  return value && value.length > 0 ? crc32(value, seed) : seed;
}

/** The state does not hold what was written; it has to be made again from the log. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
}

export class StateStore implements StateReader {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  readonly #recent = new RecentValues();

  private constructor(database: DatabaseSync) {
    this.#database = database;
    const entries = Object.entries(STATE_STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)]);
    this.#statements = Object.fromEntries(entries) as Statements;
  }

  /** Opens the file, or makes it anew when there is none, it is of another version, or SQLite cannot read it. */
  static open(path: string): StateStore {
    const existing = existsSync(path) ? StateStore.#attempt(path, false) : undefined;
    return existing ?? StateStore.create(path);
  }

  /** An empty state in place of whatever is there. */
  static create(path: string): StateStore {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
    const made = StateStore.#attempt(path, true);
    if (!made) throw new Error(`cannot make ${path}`);
    return made;
  }

  static #attempt(path: string, fresh: boolean): StateStore | undefined {
    const database = new DatabaseSync(path);
    try {
      database.exec(
        'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY',
      );
      if (fresh) database.exec(`BEGIN; ${STATE_SCHEMA} PRAGMA user_version = ${STATE_VERSION}; COMMIT`);
      const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
      if (version === STATE_VERSION) return new StateStore(database);
    } catch (error) {
      if (fresh) throw error;
    }
    database.close();
    return undefined;
  }

  /** @throws DamagedState */
  get(key: string): VersionedValue | undefined {
    return this.#recent.get(key, () => this.#read(key));
  }

  #read(key: string): VersionedValue | undefined {
    const row = this.#statements.get.get(key);
    if (!row) return undefined;
    const version = { block: Number(row.block), position: Number(row.position) };
    const value = row.value === null ? undefined : buffer(row.value);
    if (checksum(key, value, version) !== row.checksum) throw new DamagedState(`the state of ${key} is damaged`);
    return value && { value, version };
  }

  savepoint(emptyLogLength: number): Savepoint {
    const row = this.#statements.savepoint.get();
    if (!row) return { ...EMPTY_SAVEPOINT, logLength: emptyLogLength };
    return {
      height: Number(row.height),
      hash: buffer(row.hash),
      logLength: Number(row.logLength),
      commitHash: buffer(row.commitHash),
    };
  }

  block(number: number): { readonly offset: number; readonly hash: Buffer } | undefined {
    const row = this.#statements.block.get(number);
    return row && { offset: Number(row.offset), hash: buffer(row.hash) };
  }

  transaction(id: string): TransactionPlace | undefined {
    const row = this.#statements.transaction.get(Buffer.from(id, 'hex'));
    return row && { block: Number(row.block), position: Number(row.position), code: Number(row.code) };
  }

  /** Where each version of a key was written, oldest first. */
  history(key: string): Version[] {
    return this.#statements.history.all(key).map((row) => ({ block: Number(row.block), position: Number(row.position) }));
  }

  /** Applies blocks and moves the savepoint behind them: all of it or nothing. */
  apply(...blocks: readonly AppliedBlock[]): void {
    this.#database.exec('BEGIN');
    try {
      for (const block of blocks) {
        for (const [position, transaction] of block.transactions.entries())
          this.#applyTransaction(block.number, position, transaction);
        this.#statements.putBlock.run(block.number, block.offset, block.hash);
      }
      const last = blocks.at(-1);
      if (last) this.#statements.putSavepoint.run(last.number + 1, last.hash, last.next, last.commitHash);
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#recent.clear();
      // SQLite has rolled back already after some errors; asking again would hide the first one.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #applyTransaction(block: number, position: number, transaction: AppliedBlock['transactions'][number]): void {
    if (transaction.id)
      this.#statements.putTransaction.run(Buffer.from(transaction.id, 'hex'), block, position, transaction.code);
    const version = { block, position };
    for (const { key, value } of transaction.writes) {
      this.#statements.put.run(key, value ?? null, block, position, checksum(key, value, version));
      this.#recent.put(key, value && { value: ownCopy(value), version });
    }
  }

  /** How many pages the write-ahead log may have before a commit copies it by the way; 0 never does. */
  checkpointEvery(pages: number): void {
    this.#database.exec(`PRAGMA wal_autocheckpoint = ${pages}`);
  }

  /** Gives up the savepoint: the next opening makes everything anew. */
  forget(): void {
    this.#database.exec('DELETE FROM savepoint');
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
