/** Which uses and releases do not agree: rows that have come to agree leave the table. */
import type { Kysely } from 'kysely';
import { key } from '../../chaincode/state/keys.js';
import type { ReleaseRecord, UseRecord } from '../../chaincode/transactions/grant/use.js';
import { isClean } from '../audit/reconcile.js';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';

const put = prepare((db, p) =>
  db
    .insertInto('unreconciled_use')
    .values({ use_id: p(0), time: p(1) })
    .onConflict((conflict) => conflict.column('use_id').doNothing()),
);
const remove = prepare((db, p) => db.deleteFrom('unreconciled_use').where('use_id', '=', p(0)));
const selectUse = prepare((db, p) => db.selectFrom('record').select('value').where('key', '=', p(0)));

/** A permitted use waits for its release; a denied one has none to wait for. */
export async function enterUse(db: StoreTransaction, { useId, decision, recordedAt }: UseRecord): Promise<void> {
  if (decision === 'permitted') await put(db, useId, Date.parse(recordedAt));
}

export async function enterRelease(db: StoreTransaction, release: ReleaseRecord): Promise<void> {
  const { useId } = release;
  const [row] = await selectUse(db, key('use', useId));
  const use = row && (JSON.parse(row.value) as UseRecord);
  if (use && isClean(use, release)) await remove(db, useId);
  else await put(db, useId, Date.parse(use?.recordedAt ?? release.recordedAt));
}

export async function createUnreconciled(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('unreconciled_use')
    .addColumn('use_id', 'text', (column) => column.primaryKey())
    .addColumn('time', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('unreconciled_use_time').on('unreconciled_use').columns(['time', 'use_id']).execute();
}
