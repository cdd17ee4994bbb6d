/**
 * The state as the audit makes it itself, from nothing: every key with its version, older versions' places and
 * the ids seen, in a file that SQLite removes. Its tables are those of `state.db`, so that the two can be compared.
 */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { RecentValues } from '../embedded/recent-values.js';
import type { StateReader, Version, VersionedValue } from '../embedded/simulation.js';
import type { CommittedView } from '../embedded/validation.js';
import type { StateUpdate } from '../format/commit-hash.js';

const SCHEMA = `
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
CREATE TABLE transactions (
  id BLOB PRIMARY KEY, block INTEGER NOT NULL, position INTEGER NOT NULL, code INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE blocks (number INTEGER PRIMARY KEY, hash BLOB NOT NULL, commit_hash BLOB NOT NULL);
CREATE TABLE state (key TEXT PRIMARY KEY, value BLOB, block INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE history (
  key TEXT NOT NULL, block INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (key, block, position)
) WITHOUT ROWID;
CREATE TRIGGER state_history AFTER UPDATE ON state BEGIN
  INSERT INTO history (key, block, position) VALUES (old.key, old.block, old.position);
END;
BEGIN;
`;
const SQL = {
  transaction: 'SELECT block, position FROM transactions WHERE id = ?',
  putTransaction: 'INSERT OR IGNORE INTO transactions (id, block, position, code) VALUES (?, ?, ?, ?)',
  block: 'SELECT hash, commit_hash AS state FROM blocks WHERE number = ?',
  putBlock: 'INSERT INTO blocks (number, hash, commit_hash) VALUES (?, ?, ?)',
  get: 'SELECT value, block, position FROM state WHERE key = ?',
  put: `INSERT INTO state (key, value, block, position) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    value = excluded.value, block = excluded.block, position = excluded.position`,
} as const;

export interface BlockMark {
  readonly hash: Uint8Array;
  readonly commitHash: Uint8Array;
}

export class AuditedState implements StateReader, CommittedView {
  /** for comparisons; read only */
  readonly database = new DatabaseSync('');
  readonly #statements: { readonly [name in keyof typeof SQL]: StatementSync };
  readonly #recent = new RecentValues();

  constructor() {
    this.database.exec(SCHEMA);
    const entries = Object.entries(SQL).map(([name, sql]) => [name, this.database.prepare(sql)]);
    this.#statements = Object.fromEntries(entries) as { [name in keyof typeof SQL]: StatementSync };
  }

  get(key: string): VersionedValue | undefined {
    return this.#recent.get(key, () => this.#read(key));
  }

  #read(key: string): VersionedValue | undefined {
    const row = this.#statements.get.get(key);
    const bytes = row?.value as Uint8Array | null | undefined;
    if (!row || !bytes) return undefined;
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { value, version: { block: Number(row.block), position: Number(row.position) } };
  }

  version(key: string): Version | undefined {
    return this.get(key)?.version;
  }

  /** Where an id was seen first. */
  transaction(id: string): Version | undefined {
    const row = this.#statements.transaction.get(Buffer.from(id, 'hex'));
    return row && { block: Number(row.block), position: Number(row.position) };
  }

  hasTransaction(id: string): boolean {
    return this.transaction(id) !== undefined;
  }

  /** What stands at a number: hash of the header and commit hash. */
  block(number: number): BlockMark | undefined {
    const row = this.#statements.block.get(number);
    return row && { hash: Buffer.from(row.hash as Uint8Array), commitHash: Buffer.from(row.state as Uint8Array) };
  }

  mark(number: number, { hash, commitHash }: BlockMark): void {
    this.#statements.putBlock.run(number, hash, commitHash);
  }

  /** @param transactions all of the block, in order, with their codes */
  apply(
    block: number,
    transactions: readonly { readonly id: string; readonly code: number }[],
    updates: readonly StateUpdate[],
  ): void {
    for (const [position, { id, code }] of transactions.entries())
      if (id) this.#statements.putTransaction.run(Buffer.from(id, 'hex'), block, position, code);
    for (const { key, value, version } of updates) {
      this.#statements.put.run(key, value ?? null, version.block, version.position);
      this.#recent.put(key, value && { value: Buffer.from(value), version });
    }
  }

  close(): void {
    this.database.close();
  }
}
