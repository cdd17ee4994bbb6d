import { buildTree } from '../../chaincode/merkle/tree.js';
import {
  type BatchOutcome,
  type CertificateBatchRecord,
  certificateLeafHash,
} from '../../chaincode/transactions/certificate/batch.js';
import type { CertificateContent } from '../../chaincode/transactions/certificate/certificate.js';
import { leafCertificate } from '../../chaincode/transactions/certificate/leaf-proof.js';
import type { LedgerTransaction } from '../../network/ledger.js';
import { prepare } from '../store/prepared.js';
import type { Projector } from './framework.js';
import { enterIssued } from './standing-certificates.js';

/** The ledger's input of `IssueBatch`, which the contract has checked. */
interface BatchInput {
  readonly items: readonly CertificateContent[];
}

/** Its answer: which of the items were issued, by the rules that held then. */
interface BatchAnswer {
  readonly outcomes: readonly BatchOutcome[];
}

const putLeaf = prepare((db, p) => db.insertInto('certificate_leaf').values({ batch_id: p(0), leaf_index: p(1), hash: p(2) }));

/** @throws Error when the transaction's items are not the leaves under the batch's root: its readers could prove nothing */
export function leavesOf(batch: CertificateBatchRecord, { argument, payload }: LedgerTransaction): CertificateContent[] {
  const { items } = (JSON.parse(argument) as { input: BatchInput }).input;
  const { outcomes } = JSON.parse(payload) as BatchAnswer;
  const leaves = outcomes.flatMap(({ index, code }) => (code === undefined ? (items[index] ?? []) : []));
  const { size, root } = buildTree(leaves.map(certificateLeafHash));
  if (size !== batch.size || root !== batch.root) throw new Error(`the items of batch ${batch.batchId} do not make its root`);
  return leaves;
}

/** Batches: state holds their roots alone, so the leaves come from the transaction's argument and its answer. */
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
  project: async (db, write) => {
    const batch = write.value as CertificateBatchRecord;
    for (const [index, leaf] of leavesOf(batch, write.transaction).entries()) {
      await putLeaf(db, batch.batchId, index, certificateLeafHash(leaf));
      await enterIssued(db, leafCertificate(batch, index, leaf), write);
    }
  },
};
