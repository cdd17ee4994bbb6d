/** What the chain says of anchored records. */
import type { Page } from '../http/page.js';
import { prepare } from '../store/prepared.js';
import type { AnchoredBatchTable, AnchoredLeafTable } from '../store/projected-tables.js';
import type { Store, StoreTransaction } from '../store/store.js';

type Reader = Store['db'] | StoreTransaction;

const selectAt = prepare((db, p) =>
  db.selectFrom('anchored_batch').selectAll().where('block', '=', p(0)).where('position', '=', p(1)),
);
const selectLeaf = prepare((db, p) =>
  db.selectFrom('anchored_leaf').selectAll().where('agency', '=', p(0)).where('tag', '=', p(1)),
);

/** The batch that one transaction anchored. */
export async function standingBatch(db: Reader, block: number, position: number): Promise<AnchoredBatchTable | undefined> {
  return (await selectAt(db as Store['db'], block, position))[0];
}

/** Which leaf stands for a record id, the first in block order. */
export async function standingLeaf({ db }: Store, agency: string, tag: string): Promise<AnchoredLeafTable | undefined> {
  return (await selectLeaf(db, agency, tag))[0];
}

const selectCaseRecord = prepare((db, p) =>
  db
    .selectFrom('anchored_case')
    .select('record')
    .where('block', '=', p(0))
    .where('position', '=', p(1))
    .where('place', '=', p(2)),
);

/** The text of a leaf that names a case, and so travelled with its batch. */
export async function anchoredCaseRecord(
  { db }: Store,
  { block, position, place }: AnchoredLeafTable,
): Promise<string | undefined> {
  return (await selectCaseRecord(db, block, position, place))[0]?.record;
}

export interface AnchoredRow {
  readonly key: string;
  /** the leaf's text */
  readonly record: string;
  readonly place: number;
  readonly batch_id: string;
  readonly time: string;
  /** null when its agency neither is nor ever was a party of the case, nor a responsible department */
  readonly reader: string | null;
}

/** Records that were anchored under a case, in block order. */
export async function listAnchored(
  { db }: Store,
  caseId: string,
  { limit, after }: Page,
  byReaders = false,
): Promise<AnchoredRow[]> {
  const last = after?.split('.').map(Number);
  const rows = await db
    .selectFrom('anchored_case as listed')
    .innerJoin('anchored_batch as batch', (join) =>
      join.onRef('batch.block', '=', 'listed.block').onRef('batch.position', '=', 'listed.position'),
    )
    .leftJoin('case_reader', (join) =>
      join.onRef('case_reader.case_id', '=', 'listed.case_id').onRef('case_reader.agency_id', '=', 'listed.agency'),
    )
    .select(['listed.record', 'listed.block', 'listed.position', 'listed.place', 'batch.batch_id', 'batch.time'])
    .select('case_reader.agency_id as reader')
    .where('listed.case_id', '=', caseId)
    .$if(byReaders, (query) => query.where('case_reader.agency_id', 'is not', null))
    .$if(last !== undefined, (query) =>
      query.where((eb) =>
        eb(
          eb.refTuple('listed.block', 'listed.position', 'listed.place'),
          '>',
          eb.tuple(last?.[0] ?? 0, last?.[1] ?? 0, last?.[2] ?? 0),
        ),
      ),
    )
    .orderBy('listed.block')
    .orderBy('listed.position')
    .orderBy('listed.place')
    .limit(limit + 1)
    .execute();
  return rows.map(({ block, position, ...row }) => ({ ...row, key: `${block}.${position}.${row.place}` }));
}
