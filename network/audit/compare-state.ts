/**
 * The folder's `state.db` against the state that the audit made itself: every key, value and version, its history,
 * and what it says of blocks and transactions, at the block up to which it was applied.
 */
import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathsOf } from '../embedded/folder.js';
import { FILE_HEADER_LENGTH } from '../embedded/frame.js';
import { STATE_SCHEMA, STATE_VERSION } from '../embedded/state-schema.js';
import type { Block } from '../format/block.js';
import type { Audited, Companion } from './audit-chain.js';
import type { AuditedState } from './audited-state.js';
import { type ComparedTable, firstDifference, schemaDifference } from './compare-tables.js';
import { CannotTell, Differs } from './difference.js';
import { integrityFault, openReadOnly, type ReadOnlyDatabase } from './read-only-database.js';

const ANEW = 'once the log is found right, delete ledger/state.db: the next start makes it anew';
const TABLES: readonly ComparedTable[] = [
  { name: 'state', columns: ['key', 'value', 'block', 'position'], keys: 1 },
  { name: 'history', columns: ['key', 'block', 'position'], keys: 1 },
  { name: 'transactions', columns: ['id', 'block', 'position', 'code'], keys: 1 },
];

function differs(problem: string, more: Partial<Differs['difference']> = {}): Differs {
  return new Differs({ check: 'state', problem: `state.db: ${problem}; ${ANEW}`, ...more });
}

function checkFile(file: ReadOnlyDatabase): void {
  const broken = integrityFault(file);
  if (broken) throw differs(`SQLite finds it damaged (${broken})`);
  const version = Number(file.database.prepare('PRAGMA user_version').get()?.user_version);
  if (version !== STATE_VERSION)
    throw new CannotTell(
      `state.db has format ${version}, this audit reads ${STATE_VERSION}: start the ledger once, which makes it anew`,
    );
  const empty = new DatabaseSync(':memory:');
  empty.exec(STATE_SCHEMA);
  const names = [...TABLES.map(({ name }) => name), 'blocks', 'savepoint'];
  const difference = schemaDifference(empty, file.database, names);
  empty.close();
  if (difference) throw differs(`its ${difference.key} is not the ledger's`, difference);
}

/** Nothing is compared where there is no file: the next start makes it anew. */
export class StateComparison implements Companion {
  readonly #file: ReadOnlyDatabase | undefined;
  readonly #height: number = 0;
  readonly #places: { readonly ends: readonly number[] };
  #compared = false;

  /** @param places where the log's blocks end, in bytes @throws Differs when the file is damaged, CannotTell when it is another version's */
  constructor(folder: string, places: { readonly ends: readonly number[] }) {
    this.#places = places;
    const { state } = pathsOf(folder);
    if (!existsSync(state)) return;
    this.#file = openReadOnly(state);
    try {
      checkFile(this.#file);
      this.#height = Number(this.#file.database.prepare('SELECT height FROM savepoint').get()?.height ?? 0);
    } catch (error) {
      this.#file.close();
      if (error instanceof Differs || error instanceof CannotTell) throw error;
      throw differs((error as Error).message);
    }
  }

  /** Whether there was something to compare and it was right. */
  get compared(): boolean {
    return this.#compared;
  }

  afterBlock(block: Block, at: Audited, state: AuditedState): void {
    if (!this.#file || at.height > this.#height) return;
    this.#compareBlock(this.#file, block.header.number, at);
    if (at.height < this.#height) return;
    this.#compareSavepoint(this.#file, at);
    for (const table of TABLES) {
      const difference = firstDifference(state.database, this.#file.database, table);
      if (difference) throw differs(`${table.name} ${difference.key} is not what the blocks make it`, difference);
    }
    this.#compared = true;
  }

  #compareBlock({ database }: ReadOnlyDatabase, number: number, at: Audited): void {
    const offset = number === 0 ? FILE_HEADER_LENGTH : this.#places.ends[number - 1];
    const row = database.prepare('SELECT offset, hash FROM blocks WHERE number = ?').get(number);
    const found = row ? `byte ${row.offset}, ${Buffer.from(row.hash as Uint8Array).toString('hex')}` : 'nothing';
    const expected = `byte ${offset}, ${at.blockHash}`;
    if (found !== expected) throw differs(`block ${number} is not where it says`, { block: number, expected, found });
  }

  #compareSavepoint({ database }: ReadOnlyDatabase, at: Audited): void {
    const row = database.prepare('SELECT hash, commit_hash AS state, log_length AS length FROM savepoint').get();
    const hex = (value: unknown) => Buffer.from(value as Uint8Array).toString('hex');
    const expected = `${at.blockHash} ${at.stateHash} ${this.#places.ends[at.height - 1]}`;
    const found = `${hex(row?.hash)} ${hex(row?.state)} ${row?.length}`;
    if (expected !== found) throw differs('its savepoint is not that of the log', { block: at.height - 1, expected, found });
    const blocks = Number(database.prepare('SELECT count(*) AS blocks FROM blocks').get()?.blocks);
    if (blocks !== at.height) throw differs('it tells of other blocks', { expected: `${at.height}`, found: `${blocks}` });
  }

  atEnd(at: Audited): void {
    if (this.#file && this.#height > at.height)
      throw differs(`it was applied up to block ${this.#height - 1}, and the log ends with block ${at.height - 1}`, {
        block: at.height,
        expected: `${this.#height} blocks`,
        found: `${at.height} blocks`,
      });
  }

  close(): void {
    this.#file?.close();
  }
}
