/** Makes the table of what was done, with an index for each thing that it can be traced by. */
import { type Kysely, sql } from 'kysely';
import { TRACE_COLUMNS, TRACE_FILTERS } from '../../store/trace-table.js';

/** In the order of time, and of the ledger where times are equal. */
const ORDER = ['time', 'block', 'position', 'place'] as const;

export async function createTrace(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('trace')
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('block', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('transaction_id', 'text', (column) => column.notNull())
    .addColumn('agency', 'text', (column) => column.notNull())
    .addColumn('province', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('grant_id', 'text')
    .addColumn('data_set', 'text')
    .addColumn('certificate_id', 'text')
    .addColumn('case_id', 'text')
    .addColumn('decision', 'text')
    .addColumn('detail', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('trace_pk', ['block', 'position', 'place'])
    .execute();
  for (const filter of TRACE_FILTERS) {
    const column = TRACE_COLUMNS[filter];
    const index = db.schema
      .createIndex(`trace_${column}`)
      .on('trace')
      .columns([column, ...ORDER]);
    // Of an agency a transaction is one thing that it did, whatever it did it to.
    if (filter === 'agency') await index.where(sql.ref('place'), '=', 0).execute();
    else await index.where(sql.ref(column), 'is not', null).execute();
    // A denied use is found among any number of permitted ones. Certificates have no uses.
    if (filter !== 'certificate')
      await db.schema
        .createIndex(`trace_denied_${column}`)
        .on('trace')
        .columns([column, ...ORDER])
        .where(sql.ref('decision'), '=', 'denied')
        .execute();
  }
}
