import { packedRoot } from '../../chaincode/merkle/packed.js';
import { type AnchorBatchRecord, caseRows, openBatch, type PackedBatch } from '../../chaincode/transactions/anchor/batch.js';
import { leafText } from '../../chaincode/transactions/anchor/record.js';
import { clustered } from '../store/clustered.js';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';
import type { Projector } from './framework.js';

const putBatch = prepare((db, p) =>
  db.insertInto('anchored_batch').values({ batch_id: p(0), agency: p(1), block: p(2), position: p(3), time: p(4), leaves: p(5) }),
);

/** How many leaves one statement enters: a statement costs more than a row. */
const TOGETHER = 32;

function insertLeaves(count: number) {
  return prepare((db, p) =>
    db
      .insertInto('anchored_leaf')
      .values(
        Array.from({ length: count }, (_, index) => ({
          agency: p(0),
          block: p(1),
          position: p(2),
          tag: p(3 + 2 * index),
          place: p(4 + 2 * index),
        })),
      )
      .onConflict((conflict) => conflict.columns(['agency', 'tag']).doNothing()),
  );
}

const putLeaves = insertLeaves(TOGETHER);
const putLeaf = insertLeaves(1);

/** A record of a case stands when its leaf does. */
const putCase = prepare((db, p) =>
  db
    .insertInto('anchored_case')
    .columns(['case_id', 'block', 'position', 'place', 'agency', 'record'])
    .expression((eb) =>
      eb
        .selectFrom('anchored_leaf')
        .select([
          eb.cast<string>(eb.val<string>(p(0)), 'text').as('case_id'),
          'block',
          'position',
          'place',
          'agency',
          eb.cast<string>(eb.val<string>(p(1)), 'text').as('record'),
        ])
        .where('agency', '=', p(2))
        .where('tag', '=', p(3))
        .where('block', '=', p(4))
        .where('position', '=', p(5))
        .where('place', '=', p(6)),
    ),
);

/** In the order of their tags, which is the index's: neighbours then go to the same page. */
async function enterLeaves(
  db: StoreTransaction,
  batch: readonly [string, number, number],
  tags: readonly string[],
): Promise<void> {
  const rows = tags.map((tag, place) => [tag, place] as const).sort(([left], [right]) => (left < right ? -1 : 1));
  const alone = rows.length % TOGETHER;
  for (const row of rows.slice(0, alone)) await putLeaf(db, ...batch, ...row);
  for (let from = alone; from < rows.length; from += TOGETHER)
    await putLeaves(db, ...batch, ...rows.slice(from, from + TOGETHER).flat());
}

/** Anchored batches: state holds their roots alone, so leaves, tags and records of cases come from the transaction. */
export const anchorBatchProjector: Projector = {
  type: 'anchor-batch',
  tables: {
    anchored_batch: async (db) => {
      await db.schema
        .createTable('anchored_batch')
        .addColumn('batch_id', 'text', (column) => column.primaryKey())
        .addColumn('agency', 'text', (column) => column.notNull())
        .addColumn('block', 'integer', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('time', 'text', (column) => column.notNull())
        .addColumn('leaves', 'text', (column) => column.notNull())
        .execute();
      await db.schema.createIndex('anchored_batch_place').unique().on('anchored_batch').columns(['block', 'position']).execute();
    },
    anchored_leaf: async (db) => {
      const table = db.schema
        .createTable('anchored_leaf')
        .addColumn('agency', 'text', (column) => column.notNull())
        .addColumn('tag', 'text', (column) => column.notNull())
        .addColumn('block', 'integer', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('place', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('anchored_leaf_pk', ['agency', 'tag']);
      await clustered(db, table).execute();
    },
    anchored_case: async (db) => {
      await db.schema
        .createTable('anchored_case')
        .addColumn('case_id', 'text', (column) => column.notNull())
        .addColumn('block', 'integer', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('place', 'integer', (column) => column.notNull())
        .addColumn('agency', 'text', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('anchored_case_pk', ['case_id', 'block', 'position', 'place'])
        .execute();
      await db.schema.createIndex('anchored_case_place').on('anchored_case').columns(['block', 'position', 'place']).execute();
    },
  },
  /** @throws Error when the leaves are not those under the root: their readers could prove nothing */
  project: async (db, { value, block, position, transaction }) => {
    const { batchId, agency, root } = value as AnchorBatchRecord;
    const { cases, ...packed } = (JSON.parse(transaction.argument) as { input: PackedBatch }).input;
    const { leaves, tags } = openBatch(packed);
    if (packedRoot(leaves) !== root) throw new Error(`the leaves of anchor batch ${batchId} do not make its root`);
    await putBatch(db, batchId, agency, block, position, transaction.time, packed.leaves);
    await enterLeaves(db, [agency, block, position], tags);
    for (const { index, record } of caseRows(agency, cases)) {
      const tag = tags[index];
      await putCase(db, record.caseId, leafText(record), agency, tag, block, position, index);
    }
  },
};
