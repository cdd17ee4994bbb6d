import type { UseRecord } from '../../chaincode/transactions/grant/use.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const put = prepare((db, p) => db.insertInto('use_index').values({ grant_id: p(0), block: p(1), position: p(2), key: p(3) }));

export const useProjector: Projector = {
  type: 'use',
  tables: {
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
  project: async (db, { key, value, block, position }) => {
    await put(db, (value as UseRecord).grantId, block, position, key);
  },
};
