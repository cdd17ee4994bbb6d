/**
 * Keeps what an API gave over four provinces on Fabric, with the forgeries of it: a receipt, proofs of anchored records, a case's
 * evidence. `npm run network -- up --folder <folder>`, then
 * `node dist/test/support/fabric-vectors/make.js <folder>/profiles/development.json`. Those that are kept already stay as they are.
 */
import { issuedAnchors } from '../anchor-vectors/issued-vectors.js';
import { certificateOf, freshId } from '../api-business.js';
import { sha256 } from '../digests.js';
import { EvidenceWorld } from '../evidence-world.js';
import { keepVectors } from '../vector-files.js';
import { issuedEvidence } from './evidence.js';
import { issuedReceipts } from './receipts.js';

const [, , profile] = process.argv;
if (profile === undefined) throw new Error('give the connection profile of a network that is up');

const DOCUMENT = Buffer.from('a certificate of no particular content\n');

const world = await EvidenceWorld.create({ ledger: 'fabric', settings: { FABRIC_PROFILE: profile } });
try {
  const digest = sha256(DOCUMENT.toString());
  const body = certificateOf(world.worker, freshId('310000', 'c'), { digests: [{ ...digest, role: 'original' }] });
  const { transaction } = await world.write('/v1/certificates', world.worker, body);
  keepVectors('receipts', await issuedReceipts(world, { transactionId: transaction.id, digest, document: DOCUMENT }));
  keepVectors('anchors', await issuedAnchors(world.business.world, 'fabric'));
  keepVectors('evidence', await issuedEvidence(world));
} finally {
  await world.close();
}
