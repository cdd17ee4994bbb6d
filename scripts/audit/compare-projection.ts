/** The tables that the API reads from against those that the same blocks give when they are projected anew. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { applyBlock, type Position } from '../../api/projection/apply-block.js';
import { PROJECTED_TABLE_NAMES, PROJECTION_VERSION, resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import type { Audited, Companion } from '../../network/audit/audit-chain.js';
import { type ComparedTable, firstDifference, schemaDifference } from '../../network/audit/compare-tables.js';
import { CannotTell, Differs } from '../../network/audit/difference.js';
import { integrityFault, openReadOnly, type ReadOnlyDatabase } from '../../network/audit/read-only-database.js';
import type { Block } from '../../network/format/block.js';
import { toLedgerBlock } from '../../network/format/ledger-block.js';

const NEXT = 'once the chain is found right, drop its table projection_position: the next start reads the chain anew';
const BEGINNING: Position = { block: -1, hash: '0'.repeat(64) };

function differs(problem: string, more: Partial<Differs['difference']> = {}): Differs {
  return new Differs({ check: 'projection', problem: `store.db: ${problem}; ${NEXT}`, ...more });
}

/** Its columns, those of the primary key first. */
function tableOf(database: DatabaseSync, name: string): ComparedTable {
  const columns = database.prepare(`SELECT name, pk FROM pragma_table_info('${name}') ORDER BY pk = 0, pk, cid`).all();
  const keys = columns.filter(({ pk }) => Number(pk) > 0).length;
  return { name, columns: columns.map((column) => String(column.name)), keys: keys || columns.length };
}

function compareTables(ours: DatabaseSync, theirs: DatabaseSync, height: number): void {
  const schema = schemaDifference(ours, theirs, PROJECTED_TABLE_NAMES);
  if (schema) throw differs(`its ${schema.key} is not this software's`, schema);
  for (const name of PROJECTED_TABLE_NAMES) {
    const difference = firstDifference(ours, theirs, tableOf(ours, name));
    if (!difference) continue;
    const key = `${name}: ${difference.key}`;
    throw differs(`${key} is not what the blocks up to ${height - 1} make it`, { ...difference, key });
  }
}

interface Rebuilt {
  readonly store: Store;
  readonly folder: string;
}

export class ProjectionComparison implements Companion {
  readonly #theirs: ReadOnlyDatabase;
  /** number of blocks projected */
  readonly #height: number;
  #rebuilt: Rebuilt | undefined;
  #at = BEGINNING;
  #compared = false;

  private constructor(theirs: ReadOnlyDatabase, height: number, rebuilt: Rebuilt) {
    this.#theirs = theirs;
    this.#height = height;
    this.#rebuilt = rebuilt;
  }

  /**
   * @returns undefined when the folder has no tables: a ledger without an API, or tables still to be made
   * @throws Differs when the file is damaged, CannotTell when other software projected it
   */
  static async open(dataDir: string): Promise<ProjectionComparison | undefined> {
    const file = join(dataDir, 'store', 'store.db');
    if (!existsSync(file)) return undefined;
    const theirs = openReadOnly(file);
    try {
      const broken = integrityFault(theirs);
      if (broken) throw differs(`SQLite finds it damaged (${broken})`);
      const known = theirs.database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'projection_position'").get();
      const row = known && theirs.database.prepare('SELECT version, block FROM projection_position').get();
      if (row && row.version !== PROJECTION_VERSION)
        throw new CannotTell(
          `the tables in ${file} are of version ${row.version}, this build makes ${PROJECTION_VERSION}: start the API once, which makes them anew`,
        );
      if (!row || Number(row.block) < 0) {
        theirs.close();
        return undefined;
      }
      const folder = mkdtempSync(join(tmpdir(), 'delta-audit-'));
      const store = await openSqliteStore(join(folder, 'store.db'));
      await store.db.transaction().execute(resetProjection);
      return new ProjectionComparison(theirs, Number(row.block) + 1, { store, folder });
    } catch (error) {
      theirs.close();
      if (error instanceof Differs || error instanceof CannotTell) throw error;
      throw differs((error as Error).message);
    }
  }

  get compared(): boolean {
    return this.#compared;
  }

  async afterBlock(block: Block, at: Audited): Promise<void> {
    if (!this.#rebuilt || at.height > this.#height) return;
    this.#at = await applyBlock(this.#rebuilt.store, this.#at, toLedgerBlock(block));
    if (at.height < this.#height) return;
    const { store, folder } = this.#rebuilt;
    await store.close();
    const ours = new DatabaseSync(join(folder, 'store.db'));
    try {
      compareTables(ours, this.#theirs.database, at.height);
    } finally {
      ours.close();
    }
    this.#compared = true;
  }

  atEnd(at: Audited): void {
    if (this.#compared) return;
    throw differs(`it was projected up to block ${this.#height - 1}, and the chain ends with block ${at.height - 1}`, {
      block: at.height,
      expected: `${this.#height} blocks`,
      found: `${at.height} blocks`,
    });
  }

  async close(): Promise<void> {
    this.#theirs.close();
    const rebuilt = this.#rebuilt;
    this.#rebuilt = undefined;
    if (!rebuilt) return;
    await rebuilt.store.close().catch(() => {});
    rmSync(rebuilt.folder, { recursive: true, force: true });
  }
}
