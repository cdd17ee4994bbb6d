/**
 * The log of looks at what is not for everybody. A look is entered, durably, before anything is shown;
 * each entry holds the hash of the one before, so that none can be taken out or changed unseen.
 */
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { Principal } from '../auth/principal.js';
import type { ReadLogTable } from './off-chain-tables.js';
import type { Store, StoreTransaction } from './store.js';

export type LookAction = 'subject.opening' | 'grant.uses' | 'receipt';

export interface Look {
  readonly principal: Principal;
  readonly action: LookAction;
  /** the id of what was looked at */
  readonly thing: string;
  readonly reason?: string;
}

/** The look could not be entered, so nothing may be shown. */
export class LookNotRecorded extends Error {
  override readonly name = 'LookNotRecorded';
}

const BEFORE_FIRST = '0'.repeat(64);

type Row = Omit<ReadLogTable, 'hash'>;

async function append(db: StoreTransaction, time: string, { principal, action, thing, reason }: Look): Promise<void> {
  const last = await db.selectFrom('read_log').select(['number', 'hash']).orderBy('number', 'desc').limit(1).executeTakeFirst();
  const row: Row = {
    number: (last?.number ?? 0) + 1,
    time,
    agency: principal.agencyId,
    operator: principal.operator,
    action,
    thing,
    reason: reason ?? null,
    previous_hash: last?.hash ?? BEFORE_FIRST,
  };
  await db
    .insertInto('read_log')
    .values({ ...row, hash: hashJson(row) })
    .execute();
}

/** @throws LookNotRecorded */
export async function recordLook(deps: { readonly store: Store; readonly clock: () => number }, look: Look): Promise<void> {
  const time = new Date(deps.clock()).toISOString();
  try {
    await deps.store.durable.transaction().execute((db) => append(db, time, look));
  } catch (error) {
    throw new LookNotRecorded('a look could not be recorded', { cause: error });
  }
}

/** The number of the first entry that is missing, changed or out of place; undefined when the log is whole. */
export async function firstReadLogFault(store: Store): Promise<number | undefined> {
  const rows = await store.db.selectFrom('read_log').selectAll().orderBy('number').execute();
  let previous = BEFORE_FIRST;
  for (const [index, { hash, ...row }] of rows.entries()) {
    if (row.number !== index + 1 || row.previous_hash !== previous || hashJson(row) !== hash) return index + 1;
    previous = hash;
  }
  return undefined;
}
