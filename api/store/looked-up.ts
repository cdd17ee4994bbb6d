/**
 * Rows found by key in the snapshot that is being read. Between two commits nothing changes, so what was
 * looked up once needs no second walk through the database; with the next commit all of it is forgotten.
 */

const KEPT = 5000;

type Row = Readonly<Record<string, unknown>>;

/** Text and numbers name a row; nothing is looked up by bytes. */
function nameOf(parameters: readonly unknown[]): string | undefined {
  for (const value of parameters) if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return JSON.stringify(parameters);
}

export class LookedUp {
  readonly #found = new Map<string, Map<string, readonly Row[]>>();
  #kept = 0;

  rows(sql: string, parameters: readonly unknown[]): readonly Row[] | undefined {
    const name = nameOf(parameters);
    return name === undefined ? undefined : this.#found.get(sql)?.get(name);
  }

  /** Keeps a look-up's row, or that there is none. Lists are asked for once and are long: they are not kept. */
  keep<R extends Row>(sql: string, parameters: readonly unknown[], rows: readonly R[]): readonly R[] {
    const name = nameOf(parameters);
    if (rows.length > 1 || name === undefined) return rows;
    if (this.#kept >= KEPT) this.forget();
    // Several callers get the very same row: none may change it under the others.
    for (const row of rows) Object.freeze(row);
    let bySql = this.#found.get(sql);
    if (!bySql) {
      bySql = new Map();
      this.#found.set(sql, bySql);
    }
    bySql.set(name, rows);
    this.#kept += 1;
    return rows;
  }

  forget(): void {
    if (this.#kept === 0) return;
    this.#found.clear();
    this.#kept = 0;
  }
}
