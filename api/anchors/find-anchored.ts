/** Finding anchored records by what is known of them. */
import { type AnchoredRecord, recordTag } from '../../chaincode/transactions/anchor/record.js';
import { standingLeaf } from '../projection/anchored.js';
import type { Store } from '../store/store.js';
import { digestKey, findPending } from './anchor-rows.js';

/** Records with one digest are many where somebody wants them to be. */
const TOGETHER = 200;

export interface FoundRecord {
  readonly agency: string;
  readonly tag: string;
}

/** The first record with a digest that this API took in; of any agency when none is named. */
export async function tagOfDigest(
  { db }: Store,
  agency: string | undefined,
  digest: string,
  alg: string | undefined,
): Promise<FoundRecord | undefined> {
  const isAsked = (record: AnchoredRecord) =>
    record.digest.value === digest &&
    (alg ?? record.digest.alg) === record.digest.alg &&
    (agency ?? record.agency) === record.agency;
  let after = -1;
  for (;;) {
    const rows = await db
      .selectFrom('anchor_record')
      .select(['number', 'record'])
      .where('digest_key', '=', digestKey(digest))
      .where('number', '>', after)
      .orderBy('number')
      .limit(TOGETHER)
      .execute();
    const found = rows.map((row) => JSON.parse(row.record) as AnchoredRecord).find(isAsked);
    if (found) return { agency: found.agency, tag: recordTag(found.agency, found.recordId) };
    if (rows.length < TOGETHER) return undefined;
    after = rows.at(-1)?.number ?? after;
  }
}

/** A record whose agency is not named. Ids stand in no table but as tags, so each agency's is tried. */
export async function tagsOfRecordId(store: Store, recordId: string): Promise<FoundRecord | undefined> {
  const agencies = await store.db.selectFrom('agency_index').select('agency_id').orderBy('agency_id').execute();
  for (const { agency_id: agency } of agencies) {
    const tag = recordTag(agency, recordId);
    if ((await standingLeaf(store, agency, tag)) ?? (await findPending(store.db, agency, [tag]))[0]) return { agency, tag };
  }
  return undefined;
}
