/** What a replay from block 0 must remember: ids seen and each key's version, in a temporary file that SQLite removes. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Outcome, ReplayedState } from './replay.js';
import type { Version } from './simulation.js';

const SCHEMA = `
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8192;
CREATE TABLE transactions (id BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE versions (key TEXT PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID;
BEGIN;
`;

export class ReplayIndex implements ReplayedState {
  readonly #database = new DatabaseSync('');
  readonly #statements: Readonly<Record<'transaction' | 'putTransaction' | 'version' | 'put' | 'drop', StatementSync>>;

  constructor() {
    this.#database.exec(SCHEMA);
    this.#statements = {
      transaction: this.#database.prepare('SELECT 1 FROM transactions WHERE id = ?'),
      putTransaction: this.#database.prepare('INSERT OR IGNORE INTO transactions (id) VALUES (?)'),
      version: this.#database.prepare('SELECT block, position FROM versions WHERE key = ?'),
      put: this.#database.prepare('INSERT OR REPLACE INTO versions (key, block, position) VALUES (?, ?, ?)'),
      drop: this.#database.prepare('DELETE FROM versions WHERE key = ?'),
    };
  }

  hasTransaction(id: string): boolean {
    return this.#statements.transaction.get(Buffer.from(id, 'hex')) !== undefined;
  }

  version(key: string): Version | undefined {
    const row = this.#statements.version.get(key);
    return row && { block: Number(row.block), position: Number(row.position) };
  }

  record({ transactions, updates }: Outcome): void {
    for (const { id } of transactions) this.#statements.putTransaction.run(Buffer.from(id, 'hex'));
    for (const { key, value, version } of updates)
      if (value === undefined) this.#statements.drop.run(key);
      else this.#statements.put.run(key, version.block, version.position);
  }

  close(): void {
    this.#database.close();
  }
}
