/** Rows of anchored records and their batches: what this API took in, and where it stands on the ledger. */
import type { Committed } from '../../network/ledger.js';
import { transact } from '../store/direct.js';
import { type PreparedQuery, prepare } from '../store/prepared.js';
import type { Store, StoreTransaction } from '../store/store.js';

type Reader = Store['db'] | StoreTransaction;

/** A record's number is its batch's, and its place among the leaves: in their order, and never changed. */
const PLACES = 65536;
/** How many records one statement looks for, or enters. */
const TOGETHER = 32;

export function numberOf(batch: number, place: number): number {
  return batch * PLACES + place;
}

export function batchOf(number: number): number {
  return Math.floor(number / PLACES);
}

export interface PendingRow {
  readonly tag: string;
  readonly number: number;
  /** the leaf's text */
  readonly record: string;
}

/** Where on the ledger a record's id stands. */
export interface StandingRow {
  readonly tag: string;
  readonly block: number;
  readonly position: number;
  readonly place: number;
}

const holes = <T>(count: number, hole: (index: number) => T) => Array.from({ length: count }, (_, index) => hole(index));

function lookUp<R>(build: (count: number) => PreparedQuery<R>) {
  const [one, many] = [build(1), build(TOGETHER)];
  return async (db: Reader, agency: string, tags: readonly string[]): Promise<R[]> => {
    const found: R[] = [];
    for (let from = 0; from < tags.length; from += TOGETHER) {
      const asked = tags.slice(from, from + TOGETHER);
      const query = asked.length === 1 ? one : many;
      // A last row that is not full asks for its last tag again.
      const filled = asked.length === 1 ? asked : holes(TOGETHER, (index) => asked[index] ?? asked[asked.length - 1]);
      found.push(...(await query(db as Store['db'], agency, ...filled)));
    }
    return found;
  };
}

/** Records of these ids that do not stand on the ledger, as far as this API took them in. */
export const findPending = lookUp<PendingRow>((count) =>
  prepare((db, p) =>
    db
      .selectFrom('anchor_pending as pending')
      .innerJoin('anchor_record', 'anchor_record.number', 'pending.number')
      .select(['pending.tag', 'pending.number', 'anchor_record.record'])
      .where('pending.agency', '=', p(0))
      .where(
        'pending.tag',
        'in',
        holes(count, (index) => p(1 + index)),
      ),
  ),
);

/** Where ids stand on the ledger. */
export const findStanding = lookUp<StandingRow>((count) =>
  prepare((db, p) =>
    db
      .selectFrom('anchored_leaf')
      .select(['tag', 'block', 'position', 'place'])
      .where('agency', '=', p(0))
      .where(
        'tag',
        'in',
        holes(count, (index) => p(1 + index)),
      ),
  ),
);

export interface NewRecord extends PendingRow {
  /** 64 hex */
  readonly digest: string;
}

function insertRecords(count: number) {
  return prepare((db, p) =>
    db
      .insertInto('anchor_record')
      .values(holes(count, (index) => ({ number: p(3 * index), digest_key: p(1 + 3 * index), record: p(2 + 3 * index) })))
      .onConflict((conflict) => conflict.column('number').doNothing()),
  );
}

function insertPending(count: number) {
  return prepare((db, p) =>
    db
      .insertInto('anchor_pending')
      .values(holes(count, (index) => ({ agency: p(0), tag: p(1 + 2 * index), number: p(2 + 2 * index) }))),
  );
}

const [putRecord, putRecords] = [insertRecords(1), insertRecords(TOGETHER)];
const [putPending, putPendings] = [insertPending(1), insertPending(TOGETHER)];

/** What a digest's record is found by. */
export function digestKey(digest: string): number {
  return Number.parseInt(digest.slice(0, 12), 16);
}

const recordValues = ({ number, digest, record }: NewRecord) => [number, digestKey(digest), record];

/** In the order of the index: neighbours then go to the same page. */
function byTag(left: PendingRow, right: PendingRow): number {
  return left.tag < right.tag ? -1 : 1;
}

export async function enterRecords(db: StoreTransaction, agency: string, rows: readonly NewRecord[]): Promise<void> {
  const sorted = [...rows].sort(byTag);
  const alone = rows.length % TOGETHER;
  for (const row of rows.slice(0, alone)) await putRecord(db, ...recordValues(row));
  for (const { tag, number } of sorted.slice(0, alone)) await putPending(db, agency, tag, number);
  for (let from = alone; from < rows.length; from += TOGETHER) {
    await putRecords(db, ...rows.slice(from, from + TOGETHER).flatMap(recordValues));
    const some = sorted.slice(from, from + TOGETHER);
    await putPendings(db, agency, ...some.flatMap(({ tag, number }) => [tag, number]));
  }
}

/** A record that stands on the ledger already, in a batch that another API has sent. */
export async function enterAdopted(db: StoreTransaction, row: NewRecord): Promise<void> {
  await putRecord(db, ...recordValues(row));
}

const selectTexts = prepare((db, p) =>
  db.selectFrom('anchor_record').select('record').where('number', '>=', p(0)).where('number', '<', p(1)).orderBy('number'),
);

/** The texts of a batch's leaves, in their order. */
export async function textsOf(store: Store, batch: number): Promise<string[]> {
  const rows = await selectTexts(store.db, numberOf(batch, 0), numberOf(batch + 1, 0));
  return rows.map(({ record }) => record);
}

const selectText = prepare((db, p) => db.selectFrom('anchor_record').select('record').where('number', '=', p(0)));

/** The text of one leaf; undefined where another API sent the batch and this one never saw the record. */
export async function textOf(store: Store, number: number): Promise<string | undefined> {
  return (await selectText(store.db, number))[0]?.record;
}

export interface BatchRow {
  readonly number: number;
  readonly agency: string;
  readonly operation: string | null;
  readonly transaction_id: string | null;
}

const putBatch = prepare((db, p) =>
  db.insertInto('anchor_batch').values({ number: p(0), agency: p(1), operation: p(2), transaction_id: p(3) }),
);

export async function enterBatch(db: StoreTransaction, { number, agency, operation, transaction_id }: BatchRow): Promise<void> {
  await putBatch(db, number, agency, operation, transaction_id);
}

const selectBatch = prepare((db, p) => db.selectFrom('anchor_batch').selectAll().where('number', '=', p(0)));
const selectOfTransaction = prepare((db, p) => db.selectFrom('anchor_batch').selectAll().where('transaction_id', '=', p(0)));
const setTransaction = prepare((db, p) =>
  db
    .updateTable('anchor_batch')
    .set({ transaction_id: p(1) })
    .where('number', '=', p(0)),
);

export async function findBatch(store: Store, number: number): Promise<BatchRow | undefined> {
  return (await selectBatch(store.db, number))[0];
}

export async function findBatchOf(db: Reader, transactionId: string): Promise<BatchRow | undefined> {
  return (await selectOfTransaction(db as Store['db'], transactionId))[0];
}

function forgetPending(count: number) {
  return prepare((db, p) =>
    db
      .deleteFrom('anchor_pending')
      .where('agency', '=', p(0))
      .where('tag', 'in', (eb) =>
        eb
          .selectFrom('anchored_leaf')
          .select('tag')
          .where('agency', '=', p(0))
          .where('block', '=', p(1))
          .where('position', '=', p(2))
          .where(
            'tag',
            'in',
            holes(count, (index) => p(3 + index)),
          ),
      ),
  );
}

const [forgetOne, forgetMany] = [forgetPending(1), forgetPending(TOGETHER)];

/**
 * What stands now is pending no more; what does not, because another record came first, stays as it is. Needs
 * no flush of its own: what is lost is found again on the ledger, by the batch's operation.
 */
export async function markAnchored(
  store: Store,
  batch: Pick<BatchRow, 'number' | 'agency'>,
  { transactionId, block, position }: Pick<Committed, 'transactionId' | 'block' | 'position'>,
  tags: readonly string[],
): Promise<void> {
  const sorted = [...tags].sort();
  const alone = sorted.length % TOGETHER;
  await transact(store.db, async (db) => {
    await setTransaction(db, batch.number, transactionId);
    for (const tag of sorted.slice(0, alone)) await forgetOne(db, batch.agency, block, position, tag);
    for (let from = alone; from < sorted.length; from += TOGETHER)
      await forgetMany(db, batch.agency, block, position, ...sorted.slice(from, from + TOGETHER));
  });
}

/** Batches that earlier processes took in and did not see anchored, in the order of their numbers. */
export function findOpenBatches({ db }: Store): Promise<BatchRow[]> {
  return db
    .selectFrom('anchor_batch')
    .selectAll()
    .where('transaction_id', 'is', null)
    .where('operation', 'is not', null)
    .orderBy('number')
    .execute();
}

export async function lastBatchNumber({ db }: Store): Promise<number> {
  const row = await db.selectFrom('anchor_batch').select('number').orderBy('number', 'desc').limit(1).executeTakeFirst();
  return row?.number ?? 0;
}
