import { key } from '../../chaincode/state/keys.js';
import { type CaseRecord, UNDER_WAY } from '../../chaincode/transactions/case/case-record.js';
import { versionKey } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';
import { caseTraits } from './counted-item.js';
import type { Projector } from './framework.js';
import { countRecord, createGroups, createStatistics } from './statistic.js';

const put = prepare((db, p) =>
  db
    .insertInto('case_index')
    .values({ case_id: p(0), subject: p(1), opened_at: p(2), holder: p(3), status: p(4), item: p(5), late_after: p(6) })
    .onConflict((conflict) =>
      conflict.column('case_id').doUpdateSet((eb) => ({
        holder: eb.ref('excluded.holder'),
        status: eb.ref('excluded.status'),
        late_after: eb.ref('excluded.late_after'),
      })),
    ),
);

const selectCentre = prepare((db, p) => db.selectFrom('record').select('key').where('key', '=', p(0)));

/** The item's departments read the case from its opening on; whoever also is a party stays one. */
const putDepartments = prepare((db, p) =>
  db
    .insertInto('case_reader')
    .columns(['agency_id', 'case_id', 'party'])
    .expression((eb) =>
      eb
        .selectFrom('catalogue_province')
        .select([
          'catalogue_province.agency_id',
          eb.cast<string>(eb.val<string>(p(0)), 'text').as('case_id'),
          eb.lit(0).as('party'),
        ])
        .distinct()
        .where('catalogue_province.key', '=', p(1)),
    )
    .onConflict((conflict) => conflict.columns(['agency_id', 'case_id']).doNothing()),
);

/**
 * When the case is late: its due time, moved on by a pause that runs now. A case that was late when it
 * was paused stays so; one that was not cannot become late before the pause ends.
 */
function caseLateAfter({ dueAt, pause }: CaseRecord): number | undefined {
  if (dueAt === undefined) return undefined;
  const due = Date.parse(dueAt);
  if (!pause || due < Date.parse(pause.since)) return due;
  return pause.until === undefined ? undefined : due + Math.max(0, Date.parse(pause.until) - Date.parse(pause.since));
}

/** An offer that nobody answers in time makes the case late too. */
function lateAfter(record: CaseRecord): number | null {
  if (!UNDER_WAY.includes(record.status)) return null;
  const offer = record.offer && Date.parse(record.offer.dueAt);
  const instants = [caseLateAfter(record), offer].filter((instant) => instant !== undefined);
  return instants.length > 0 ? Math.min(...instants) : null;
}

/** A case is counted where it was opened, and under the centre that opened it, if one did. */
async function countOpening(db: StoreTransaction, record: CaseRecord): Promise<void> {
  const { agency, province } = record.opener;
  const [centre] = await selectCentre(db, key('centre', agency));
  const traits = { ...(await caseTraits(db, record)), province, centre: centre && agency };
  await countRecord(db, { measure: 'cases', time: record.openedAt, traits });
}

export const caseProjector: Projector = {
  type: 'case',
  tables: {
    statistic_group: createGroups,
    statistic: createStatistics,
    case_index: async (db) => {
      await db.schema
        .createTable('case_index')
        .addColumn('case_id', 'text', (column) => column.primaryKey())
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('opened_at', 'bigint', (column) => column.notNull())
        .addColumn('holder', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('item', 'text', (column) => column.notNull())
        .addColumn('late_after', 'bigint')
        .addColumn('offered_since', 'bigint')
        .execute();
      await db.schema.createIndex('case_index_holder').on('case_index').columns(['holder', 'case_id']).execute();
      await db.schema.createIndex('case_index_subject').on('case_index').columns(['subject', 'opened_at', 'case_id']).execute();
    },
    case_reader: async (db) => {
      await db.schema
        .createTable('case_reader')
        .addColumn('agency_id', 'text', (column) => column.notNull())
        .addColumn('case_id', 'text', (column) => column.notNull())
        .addColumn('party', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('case_reader_pk', ['agency_id', 'case_id'])
        .execute();
    },
  },
  project: async (db, { value }) => {
    const record = value as CaseRecord;
    const { caseId, subject, openedAt, holder, status, item } = record;
    await put(db, caseId, subject, Date.parse(openedAt), holder.agency, status, item.code, lateAfter(record));
    if (record.entries > 1) return;
    await putDepartments(db, caseId, versionKey('service-items', item.code, item.version));
    await countOpening(db, record);
  },
};
