/**
 * Queries of the hot paths, built once: Kysely turns the builder into SQL the first time, and after that
 * only the parameters change.
 */
import type { Compilable, CompiledQuery, Kysely, Transaction } from 'kysely';
import type { Database } from './store.js';

/** Stands for a parameter while a query is built. */
const HOLES = Array.from({ length: 40 }, (_unused, index) => `\u0000hole ${index}`);

/** What a prepared query takes: parameters in the order in which the builder asked for them. */
export type PreparedQuery<R> = (db: Kysely<Database> | Transaction<Database>, ...parameters: readonly unknown[]) => Promise<R[]>;

/**
 * Prepares a query. `build` gets a function that gives the n-th parameter's place; values that it does
 * not take from there are fixed for good.
 */
export function prepare<R>(
  build: (db: Kysely<Database>, parameter: (index: number) => never) => Compilable<R>,
): PreparedQuery<R> {
  let compiled: { query: CompiledQuery<R>; places: (number | undefined)[] } | undefined;
  return async (db, ...parameters) => {
    if (!compiled) {
      const query = build(db as Kysely<Database>, (index) => HOLES[index] as never).compile();
      const places = query.parameters.map((value) => {
        const index = HOLES.indexOf(value as string);
        return index < 0 ? undefined : index;
      });
      compiled = { query, places };
    }
    const { query, places } = compiled;
    const values = places.map((place, index) => (place === undefined ? query.parameters[index] : parameters[place]));
    const { rows } = await db.executeQuery<R>({ ...query, parameters: values });
    return rows;
  };
}
