import type { CertificateRecord } from '../../chaincode/transactions/certificate/certificate.js';
import type { Projector } from './framework.js';
import { enterChanges, enterIssued } from './standing-certificates.js';

/** Certificates with a key of their own: a new one, or one whose status changed (a batch's leaf included). */
export const certificateProjector: Projector = {
  type: 'certificate',
  tables: {
    standing_certificate: async (db) => {
      await db.schema
        .createTable('standing_certificate')
        .addColumn('certificate_id', 'text', (column) => column.primaryKey())
        .addColumn('issuer', 'text', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('judged', 'text', (column) => column.notNull())
        .addColumn('shown', 'text', (column) => column.notNull())
        .execute();
    },
    digest_index: async (db) => {
      await db.schema
        .createTable('digest_index')
        .addColumn('alg', 'text', (column) => column.notNull())
        .addColumn('value', 'text', (column) => column.notNull())
        .addColumn('certificate_id', 'text', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('digest_index_pk', ['alg', 'value'])
        .execute();
      await db.schema.createIndex('digest_index_certificate').on('digest_index').column('certificate_id').execute();
    },
  },
  project: async (db, write) => {
    const record = write.value as CertificateRecord;
    const issued = record.changes.length === 0 && record.batch === undefined;
    await (issued ? enterIssued(db, record, write) : enterChanges(db, record, write));
  },
};
