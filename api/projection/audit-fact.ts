/** Facts as an audit's export lists them, one for each thing that happened. */
import type { Kysely } from 'kysely';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';
import type { ProjectedWrite } from './framework.js';

const put = prepare((db, p) =>
  db.insertInto('audit_fact').values({ time: p(0), block: p(1), position: p(2), key: p(3), part: p(4), transaction_id: p(5) }),
);

/** Where and when something was written. */
export type Written = Pick<ProjectedWrite, 'block' | 'position' | 'transaction'>;

/** @param part see `AuditFactTable` */
export async function enterFact(
  db: StoreTransaction,
  { block, position, transaction }: Written,
  key: string,
  recordedAt: string,
  part = -1,
): Promise<void> {
  await put(db, Date.parse(recordedAt), block, position, key, part, transaction.id);
}

/** In the order in which an export asks: by time, and by place on the chain within the same. */
export async function createFacts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_fact')
    .addColumn('time', 'bigint', (column) => column.notNull())
    .addColumn('block', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('part', 'integer', (column) => column.notNull())
    .addColumn('transaction_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_fact_pk', ['time', 'block', 'position', 'key', 'part'])
    .execute();
}
