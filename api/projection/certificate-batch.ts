import {
  type CertificateBatchRecord,
  certificateLeafHash,
  judgeBatch,
  type TakenItem,
} from '../../chaincode/transactions/certificate/batch.js';
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import { leafCertificate } from '../../chaincode/transactions/certificate/leaf-proof.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';
import { enterIssued } from './standing-certificates.js';

/** The ledger's input of `IssueBatch`, which the contract has checked. */
interface BatchInput {
  readonly items: readonly CertificateContent[];
  readonly taken?: readonly TakenItem[];
}

const putLeaf = prepare((db, p) => db.insertInto('certificate_leaf').values({ batch_id: p(0), leaf_index: p(1), hash: p(2) }));

/** Batches: state holds their roots alone, so the leaves are judged again from the transaction's argument. */
export const certificateBatchProjector: Projector = {
  type: 'certificate-batch',
  tables: {
    certificate_leaf: async (db) => {
      await db.schema
        .createTable('certificate_leaf')
        .addColumn('batch_id', 'text', (column) => column.notNull())
        .addColumn('leaf_index', 'integer', (column) => column.notNull())
        .addColumn('hash', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('certificate_leaf_pk', ['batch_id', 'leaf_index'])
        .execute();
    },
  },
  project: async (db, { value, transaction }) => {
    const batch = value as CertificateBatchRecord;
    const { input } = JSON.parse(transaction.argument) as { input: BatchInput };
    const { leaves } = judgeBatch(batch.issuer, input.items, input.taken);
    for (const [index, leaf] of leaves.entries()) {
      await putLeaf(db, batch.batchId, index, certificateLeafHash(leaf));
      await enterIssued(db, leafCertificate(batch, index, leaf));
    }
  },
};
