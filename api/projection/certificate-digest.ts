import { parseKey } from '../../chaincode/state/keys.js';
import type { CertificateDigestRecord } from '../../chaincode/transactions/certificate/certificate.js';
import type { LedgerTransaction } from '../../network/ledger.js';
import type { Projector } from './framework.js';
import { enterCopy } from './standing-certificates.js';

/** The agency that sent the transaction stands in its operation's key, which no contract lets it choose. */
function senderOf(transaction: LedgerTransaction): string | undefined {
  const operation = transaction.writes.map(({ key }) => parseKey(key)).find((parsed) => parsed?.type === 'operation');
  return operation?.parts[0];
}

/** Digests of annotated copies; those of originals come with their certificate. */
export const certificateDigestProjector: Projector = {
  type: 'certificate-digest',
  project: async (db, { parts: [alg = '', value = ''], value: record, transaction }) => {
    const digest = record as CertificateDigestRecord;
    if (digest.role === 'annotated-copy') await enterCopy(db, { alg, value }, digest, senderOf(transaction));
  },
};
