/**
 * Queries of the hot paths, built once: Kysely turns the builder into SQL the first time, and after that
 * only the parameters change.
 */
import { type Compilable, type CompiledQuery, type Kysely, SelectQueryNode, type Transaction } from 'kysely';
import { directOf } from './direct.js';
import type { Database } from './store.js';

/** Stands for a parameter while a query is built. */
const HOLES = Array.from({ length: 200 }, (_unused, index) => `\u0000hole ${index}`);

/**
 * What a prepared query takes: parameters in the order in which the builder asked for them. It answers at
 * once where the driver does, since a promise costs more than SQLite needs for a look-up.
 */
export type PreparedQuery<R> = (
  db: Kysely<Database> | Transaction<Database>,
  ...parameters: readonly unknown[]
) => R[] | Promise<R[]>;

interface Prepared<R> {
  readonly query: CompiledQuery<R>;
  /** which of the caller's parameters goes where; undefined for a value that is fixed */
  readonly places: readonly (number | undefined)[];
  readonly isRead: boolean;
}

function compile<R>(query: CompiledQuery<R>): Prepared<R> {
  const places = query.parameters.map((value) => {
    const index = HOLES.indexOf(value as string);
    return index < 0 ? undefined : index;
  });
  return { query, places, isRead: SelectQueryNode.is(query.query) };
}

/**
 * Prepares a query. `build` gets a function that gives the n-th parameter's place; values that it does
 * not take from there are fixed for good.
 */
export function prepare<R>(
  build: (db: Kysely<Database>, parameter: (index: number) => never) => Compilable<R>,
): PreparedQuery<R> {
  let prepared: Prepared<R> | undefined;
  return (db, ...parameters) => {
    prepared ??= compile(build(db as Kysely<Database>, (index) => HOLES[index] as never).compile());
    const { query, places, isRead } = prepared;
    const values = places.map((place, index) => (place === undefined ? query.parameters[index] : parameters[place]));
    const ask = directOf(db);
    if (ask) return ask(isRead, query.sql, values) as R[] | Promise<R[]>;
    return db.executeQuery<R>({ ...query, parameters: values }).then(({ rows }) => rows);
  };
}
