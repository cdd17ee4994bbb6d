/** Reading single records as of the last block that was projected. */
import { key, type RecordType } from '../../chaincode/state/keys.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';

const selectRecord = prepare((db, p) => db.selectFrom('record').select('value').where('key', '=', p(0)));

const selectPlaced = prepare((db, p) => db.selectFrom('record').select(['value', 'block', 'position']).where('key', '=', p(0)));

const selectVersions = prepare((db, p) =>
  db
    .selectFrom('record_version')
    .select(['value', 'transaction_id', 'time', 'block'])
    .where('key', '=', p(0))
    .orderBy('block')
    .orderBy('position'),
);

/** The record's canonical JSON. */
async function findRecordText({ db }: Pick<Store, 'db'>, stateKey: string): Promise<string | undefined> {
  const [row] = await selectRecord(db, stateKey);
  return row?.value;
}

export async function findRecord<T>(
  store: Pick<Store, 'db'>,
  type: RecordType,
  ...parts: readonly (string | number)[]
): Promise<T | undefined> {
  const text = await findRecordText(store, key(type, ...parts));
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** The record's canonical JSON, and where it was committed. */
export async function findPlaced(
  store: Store,
  stateKey: string,
): Promise<{ readonly value: string; readonly block: number; readonly position: number } | undefined> {
  const [row] = await selectPlaced(store.db, stateKey);
  return row;
}

export interface RecordVersion<T> {
  readonly record: T;
  readonly transaction: { readonly id: string; readonly block: number; readonly time: string };
}

/** Every version of a record, the first one first; only of types whose projector keeps a history. */
export async function findVersions<T>(
  store: Store,
  type: RecordType,
  ...parts: readonly (string | number)[]
): Promise<RecordVersion<T>[]> {
  const rows = await selectVersions(store.db, key(type, ...parts));
  return rows.map((row) => ({
    record: JSON.parse(row.value) as T,
    transaction: { id: row.transaction_id, block: row.block, time: row.time },
  }));
}

export function findAgency(store: Store, agencyId: string): Promise<AgencyRecord | undefined> {
  return findRecord<AgencyRecord>(store, 'agency', agencyId);
}
