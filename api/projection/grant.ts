import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import { prepare } from '../store/prepared.js';
import { enterFact } from './audit-fact.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) =>
  db
    .insertInto('grant_index')
    .values({
      grant_id: p(0),
      grantee: p(1),
      provider: p(2),
      data_set: p(3),
      status: p(4),
      share_class: p(5),
      valid_to: p(6),
      awaiting_since: p(7),
    })
    .onConflict((conflict) =>
      conflict.column('grant_id').doUpdateSet((eb) => ({
        status: eb.ref('excluded.status'),
        awaiting_since: eb.ref('excluded.awaiting_since'),
      })),
    ),
);

const putReader = prepare((db, p) =>
  db
    .insertInto('grant_reader')
    .values({ agency_id: p(0), grant_id: p(1) })
    .onConflict((conflict) => conflict.columns(['agency_id', 'grant_id']).doNothing()),
);

/** Milliseconds: since when the provider owes an answer, if it does. A supplement starts its time again. */
export function awaitingSince({ status, steps, requestedAt }: GrantRecord): number | undefined {
  if (status !== 'requested') return undefined;
  const supplemented = steps.findLast(({ step }) => step === 'supplemented');
  return Date.parse(supplemented?.recordedAt ?? requestedAt);
}

export const grantProjector: Projector = {
  type: 'grant',
  tables: {
    grant_index: async (db) => {
      await db.schema
        .createTable('grant_index')
        .addColumn('grant_id', 'text', (column) => column.primaryKey())
        .addColumn('grantee', 'text', (column) => column.notNull())
        .addColumn('provider', 'text', (column) => column.notNull())
        .addColumn('data_set', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('share_class', 'text', (column) => column.notNull())
        .addColumn('valid_to', 'bigint', (column) => column.notNull())
        .addColumn('awaiting_since', 'bigint')
        .execute();
    },
    grant_reader: async (db) => {
      await db.schema
        .createTable('grant_reader')
        .addColumn('agency_id', 'text', (column) => column.notNull())
        .addColumn('grant_id', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('grant_reader_pk', ['agency_id', 'grant_id'])
        .execute();
    },
  },
  project: async (db, write) => {
    const grant = write.value as GrantRecord;
    const { grantId, grantee, provider, dataSet, status, shareClass, validTo } = grant;
    await put(db, grantId, grantee, provider, dataSet, status, shareClass, Date.parse(validTo), awaitingSince(grant) ?? null);
    for (const agency of [grantee, provider]) await putReader(db, agency, grantId);
    // A record is written once for its request and once for each step.
    await enterFact(db, write, write.key, grant.recordedAt, grant.steps.length - 1);
  },
};
