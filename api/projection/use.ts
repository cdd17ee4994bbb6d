import type { UseRecord } from '../../chaincode/transactions/grant/use.js';
import { prepare } from '../store/prepared.js';
import { createFacts, enterFact } from './audit-fact.js';
import { namedItemTraits } from './counted-item.js';
import type { Projector } from './framework.js';
import { enterUse } from './reconciliation.js';
import { countRecord } from './statistic.js';

const put = prepare((db, p) => db.insertInto('use_index').values({ grant_id: p(0), block: p(1), position: p(2), key: p(3) }));

export const useProjector: Projector = {
  type: 'use',
  tables: {
    audit_fact: createFacts,
    use_index: async (db) => {
      await db.schema
        .createTable('use_index')
        .addColumn('grant_id', 'text', (column) => column.notNull())
        .addColumn('block', 'integer', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('use_index_pk', ['grant_id', 'block', 'position'])
        .execute();
    },
  },
  project: async (db, write) => {
    const { key, block, position } = write;
    const use = write.value as UseRecord;
    await put(db, use.grantId, block, position, key);
    await enterUse(db, use);
    await enterFact(db, write, key, use.recordedAt);
    const traits = { ...(await namedItemTraits(db, use.purpose.itemCode)), province: use.province };
    await countRecord(db, { measure: `uses.${use.decision}`, time: use.recordedAt, traits });
  },
};
