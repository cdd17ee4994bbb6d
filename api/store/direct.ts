/**
 * The short way of prepared queries past Kysely's executor, where a driver offers one: the same
 * statements on the same connections, without what the executor spends on each. A driver without it,
 * as PostgreSQL's, is asked through the executor.
 */
import type { Kysely, Transaction } from 'kysely';

export interface Direct {
  /** outside a transaction */
  readonly read: (sql: string, parameters: readonly unknown[]) => readonly object[];
  readonly write: (sql: string, parameters: readonly unknown[]) => Promise<readonly object[]>;
  /** on the connection of the transaction that is open */
  readonly inside: (sql: string, parameters: readonly unknown[]) => readonly object[];
}

type Ask = (isRead: boolean, sql: string, parameters: readonly unknown[]) => readonly object[] | Promise<readonly object[]>;

const asks = new WeakMap<object, Ask>();
const directs = new WeakMap<object, Direct>();

export function offerDirect(db: object, direct: Direct): void {
  directs.set(db, direct);
  asks.set(db, (isRead, sql, parameters) => (isRead ? direct.read(sql, parameters) : direct.write(sql, parameters)));
}

export function directOf(db: object): Ask | undefined {
  return asks.get(db);
}

/** A transaction in which prepared queries take the short way too. */
export function transact<DB, T>(db: Kysely<DB>, work: (transaction: Transaction<DB>) => Promise<T>): Promise<T> {
  const direct = directs.get(db);
  return db.transaction().execute(async (transaction) => {
    if (direct) asks.set(transaction, (_isRead, sql, parameters) => direct.inside(sql, parameters));
    try {
      return await work(transaction);
    } finally {
      // Whoever kept the transaction finds Kysely's own refusal, not a connection that is somebody else's now.
      asks.delete(transaction);
    }
  });
}
