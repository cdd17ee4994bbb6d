import type { SubjectRecord } from '../../chaincode/transactions/subject/erase-subject.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';

const putErasure = prepare((db, p) =>
  db
    .insertInto('subject_erasure')
    .values({ subject: p(0), agency_id: p(1) })
    .onConflict((conflict) => conflict.columns(['subject', 'agency_id']).doNothing()),
);

/** Erasures of subjects' salts: what a restored vault is held to. */
export const subjectProjector: Projector = {
  type: 'subject',
  tables: {
    subject_erasure: async (db) => {
      await db.schema
        .createTable('subject_erasure')
        .addColumn('subject', 'text', (column) => column.notNull())
        .addColumn('agency_id', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('subject_erasure_pk', ['subject', 'agency_id'])
        .execute();
    },
  },
  project: async (db, { value }) => {
    const { subject, agency } = value as SubjectRecord;
    await putErasure(db, subject, agency);
  },
};
