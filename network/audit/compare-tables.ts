/** Two SQLite tables row by row, in the order of their keys: the first row that is not the same to the byte. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { shown } from './difference.js';

export interface ComparedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** so many columns, from the first, name a row in reports; rows are taken in the order of all columns */
  readonly keys: number;
}

export interface RowDifference {
  readonly key: string;
  readonly expected: string;
  readonly found: string;
}

type Row = readonly SQLOutputValue[];

function* rowsOf(database: DatabaseSync, { name, columns }: ComparedTable): Generator<Row> {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const statement = database.prepare(`SELECT ${list} FROM "${name}" ORDER BY ${list}`);
  statement.setReadBigInts(true);
  for (const row of statement.iterate()) yield columns.map((column) => row[column] as SQLOutputValue);
}

function rank(value: SQLOutputValue): number {
  if (value === null) return 0;
  if (typeof value === 'number' || typeof value === 'bigint') return 1;
  return typeof value === 'string' ? 2 : 3;
}

function bytes(value: SQLOutputValue): Buffer {
  return typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value as Uint8Array);
}

/** SQLite's own order: nothing, numbers, texts, bytes. */
function compareValues(a: SQLOutputValue, b: SQLOutputValue): number {
  if (a === b) return 0;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (rank(a) === 1) return (a as number) < (b as number) ? -1 : 1;
  return rank(a) === 0 ? 0 : Buffer.compare(bytes(a), bytes(b));
}

function compareRows(a: Row, b: Row, columns: number): number {
  for (let index = 0; index < columns; index += 1) {
    const order = compareValues(a[index] as SQLOutputValue, b[index] as SQLOutputValue);
    if (order !== 0) return order;
  }
  return 0;
}

function text(value: SQLOutputValue | undefined): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? shown(value) : shown(Buffer.from(String(value)));
}

function describe(row: Row | undefined, { columns, keys }: ComparedTable): string {
  if (!row) return 'nothing';
  return row
    .map((value, index) => `${columns[index]} ${text(value)}`)
    .slice(Math.min(keys, row.length - 1))
    .join(', ');
}

function difference(one: Row | undefined, other: Row | undefined, table: ComparedTable): RowDifference {
  const order = one && other ? compareRows(one, other, table.keys) : one ? -1 : 1;
  const [expected, found] = [order <= 0 ? one : undefined, order >= 0 ? other : undefined];
  const key = ((expected ?? found) as Row).slice(0, table.keys).map(text).join(', ');
  return { key, expected: describe(expected, table), found: describe(found, table) };
}

function same(one: Row | undefined, other: Row | undefined, { columns }: ComparedTable): boolean {
  return one === other || (one !== undefined && other !== undefined && compareRows(one, other, columns.length) === 0);
}

/** @returns undefined when both hold the same rows */
export function firstDifference(ours: DatabaseSync, theirs: DatabaseSync, table: ComparedTable): RowDifference | undefined {
  const [left, right] = [rowsOf(ours, table), rowsOf(theirs, table)];
  for (;;) {
    const [one, other]: (Row | undefined)[] = [left.next().value ?? undefined, right.next().value ?? undefined];
    if (!same(one, other, table)) {
      left.return(undefined);
      right.return(undefined);
      return difference(one, other, table);
    }
    if (!one) return undefined;
  }
}

/** What a file's schema has that another has not, triggers and indexes included: one that was planted would change what is written later. */
export function schemaDifference(ours: DatabaseSync, theirs: DatabaseSync, tables: readonly string[]): RowDifference | undefined {
  const list = (database: DatabaseSync) =>
    new Map(
      database
        .prepare('SELECT type, name, tbl_name AS owner, sql FROM sqlite_schema')
        .all()
        .filter(({ owner, name }) => tables.includes(String(owner)) && !String(name).startsWith('sqlite_'))
        .map(({ type, name, sql }) => [`${type} ${name}`, String(sql)]),
    );
  const [right, is] = [list(ours), list(theirs)];
  for (const key of new Set([...right.keys(), ...is.keys()])) {
    const [expected, found] = [right.get(key) ?? 'nothing', is.get(key) ?? 'nothing'];
    if (expected !== found) return { key, expected, found };
  }
  return undefined;
}
