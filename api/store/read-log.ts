/**
 * The log of looks at what is not for everybody. A look is entered, durably, before anything is shown;
 * each entry holds the hash of the one before, so that none can be taken out or changed unseen.
 */
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { ThingType } from '../../network/proof/evidence/bundle.js';
import type { Principal } from '../auth/principal.js';
import { transact } from './direct.js';
import type { ReadLogTable } from './off-chain-tables.js';
import { prepare } from './prepared.js';
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

const selectLast = prepare((db) => db.selectFrom('read_log').select(['number', 'hash']).orderBy('number', 'desc').limit(1));

const putEntry = prepare((db, p) =>
  db.insertInto('read_log').values({
    number: p(0),
    time: p(1),
    agency: p(2),
    operator: p(3),
    action: p(4),
    thing: p(5),
    reason: p(6),
    previous_hash: p(7),
    hash: p(8),
  }),
);

async function append(db: StoreTransaction, last: ChainedTo, { time, look }: Waiting): Promise<ChainedTo> {
  const { principal, action, thing, reason = null } = look;
  const number = last.number + 1;
  const { agencyId: agency, operator } = principal;
  const hash = hashJson({ number, time, agency, operator, action, thing, reason, previous_hash: last.hash });
  await putEntry(db, number, time, agency, operator, action, thing, reason, last.hash, hash);
  return { number, hash };
}

interface Waiting {
  readonly look: Look;
  readonly time: string;
  readonly resolve: () => void;
  readonly reject: (error: LookNotRecorded) => void;
}

/** Looks that come at about the same time share a commit: the disk takes longer than the entry. */
const waiting = new WeakMap<Store, Waiting[]>();

async function enter(store: Store, queue: Waiting[]): Promise<void> {
  let group: Waiting[] = [];
  try {
    await transact(store.durable, async (db) => {
      group = queue.splice(0);
      let [last = BEFORE_FIRST] = await selectLast(db);
      for (const one of group) last = await append(db, last, one);
    });
    for (const { resolve } of group) resolve();
  } catch (error) {
    const failed = new LookNotRecorded('a look could not be recorded', { cause: error });
    for (const { reject } of group.length > 0 ? group : queue.splice(0)) reject(failed);
  }
}

/** Resolves when the look is on the disk. @throws LookNotRecorded */
export function recordLook({ store, clock }: { readonly store: Store; readonly clock: () => number }, look: Look): Promise<void> {
  return new Promise((resolve, reject) => {
    const queue = waiting.get(store) ?? [];
    waiting.set(store, queue);
    queue.push({ look, time: new Date(clock()).toISOString(), resolve, reject });
    if (queue.length === 1) setImmediate(() => enter(store, queue));
  });
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
