/**
 * The log of looks at what is not for everybody. A look is entered, durably, before anything is shown;
 * each entry holds the hash of the one before, so that none can be taken out or changed unseen.
 */
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { ThingType } from '../../network/proof/evidence/bundle.js';
import type { Principal } from '../auth/principal.js';
import type { ReadLogTable } from './off-chain-tables.js';
import type { Store, StoreTransaction } from './store.js';
import type { TraceFilter } from './trace-table.js';

export type LookAction =
  | 'subject.opening'
  | 'subject.trace'
  | 'subject.cases'
  | 'grant.uses'
  | 'receipt'
  | 'audit.reconciliation'
  | 'audit.export'
  | `evidence.${ThingType}`
  | `trace.${TraceFilter}`;

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

export const BEFORE_FIRST: ChainedTo = { number: 0, hash: '0'.repeat(64) };

type Row = Omit<ReadLogTable, 'hash'>;

async function append(db: StoreTransaction, time: string, { principal, action, thing, reason }: Look): Promise<void> {
  const [last = BEFORE_FIRST] = await db
    .selectFrom('read_log')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .execute();
  const row: Row = {
    number: last.number + 1,
    time,
    agency: principal.agencyId,
    operator: principal.operator,
    action,
    thing,
    reason: reason ?? null,
    previous_hash: last.hash,
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

/** What the next entry is chained to. */
export type ChainedTo = Pick<ReadLogTable, 'number' | 'hash'>;

/** Whether an entry follows another one, as it was written. */
export function follows({ number, hash: before }: ChainedTo, { hash, ...row }: ReadLogTable): boolean {
  return row.number === number + 1 && row.previous_hash === before && hashJson(row) === hash;
}

const TOGETHER = 1000;

/** The number of the first entry after one that is missing, changed or out of place; undefined when the log is whole. */
export async function firstReadLogFault({ db }: Store, after: ChainedTo = BEFORE_FIRST): Promise<number | undefined> {
  let last = after;
  for (;;) {
    const query = db.selectFrom('read_log').selectAll().where('number', '>', last.number).orderBy('number').limit(TOGETHER);
    const rows = await query.execute();
    for (const row of rows) {
      if (!follows(last, row)) return last.number + 1;
      last = row;
    }
    if (rows.length < TOGETHER) return undefined;
  }
}
