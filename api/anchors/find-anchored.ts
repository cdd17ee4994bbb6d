/** Finding anchored records by what is known of them. */
import { type AnchoredRecord, recordTag } from '../../chaincode/transactions/anchor/record.js';
import { standingLeaf } from '../projection/anchored.js';
import type { Store } from '../store/store.js';
import { findRecords } from './anchor-rows.js';

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
  const rows = await db
    .selectFrom('anchor_record')
    .select(['agency', 'tag', 'record'])
    .where('digest', '=', digest)
    .$if(agency !== undefined, (query) => query.where('agency', '=', agency as string))
    .orderBy('number')
    .execute();
  return rows.find(({ record }) => alg === undefined || (JSON.parse(record) as AnchoredRecord).digest.alg === alg);
}

/** A record whose agency is not named. Ids stand in no table but as tags, so each agency's is tried. */
export async function tagsOfRecordId(store: Store, recordId: string): Promise<FoundRecord | undefined> {
  const agencies = await store.db.selectFrom('agency_index').select('agency_id').orderBy('agency_id').execute();
  for (const { agency_id: agency } of agencies) {
    const tag = recordTag(agency, recordId);
    if ((await standingLeaf(store, agency, tag)) ?? (await findRecords(store.db, agency, [tag]))[0]) return { agency, tag };
  }
  return undefined;
}
