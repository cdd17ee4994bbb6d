/** Receipts that do not hold, or are of something else. */

import { fromBase64, toBase64 } from '../../../network/proof/bytes.js';
import type { Json } from '../../../network/proof/canonical-json.js';
import { receiptText } from '../../../network/proof/receipt.js';
import { certificateAnswer, payloadOf } from '../receipt-vectors/payloads.js';
import { makeScene, member, type Party, peersOf, signedBy, trustOf, type VectorProvince } from '../receipt-vectors/scene.js';
import { type Forgery, receiptsOf } from './material.js';
import { bad, type EvidenceStage, type EvidenceVector } from './vector.js';

type Fields = Record<string, Json>;

function flipped(receipt: Json | undefined): Json {
  const { signatures, ...rest } = receipt as { signatures: Fields[] } & Fields;
  const [first, ...others] = signatures;
  const bytes = Buffer.from(fromBase64(String(first?.signature)));
  bytes[12] = (bytes[12] ?? 0) ^ 1;
  return { ...rest, signatures: [{ ...first, signature: toBase64(bytes) }, ...others] } as Json;
}

export async function receiptVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  const { good, scene } = stage;
  const wrong = (name: string, about: string, faults: EvidenceVector['faults'], forgery: Forgery, trust = stage.trust) =>
    bad(stage, 'certificate', name, about, faults, forgery, { trust });
  const [shanghai, jiangsu] = peersOf(scene) as [Party, Party];
  const client = await member((scene[2] as VectorProvince).authority, { unit: 'client' });
  const [other] = receiptsOf(good.revoked, peersOf(scene)) as [Json];
  const alone = structuredClone(good.revoked);
  for (const key of alone.records.keys()) if (!key.startsWith('certificate~')) alone.records.delete(key);
  const [more] = receiptsOf(alone, peersOf(scene)) as [Json];
  const payload = payloadOf(certificateAnswer());
  const question = receiptText({ payload, signatures: signedBy(peersOf(scene), payload) });
  const embedded = await makeScene('single-operator');
  const foreign = await makeScene();
  return Promise.all([
    wrong(
      'receipt-of-another-record',
      'The receipt of another certificate',
      { told: 'proof.unsigned' },
      { receipts: () => [other] },
    ),
    wrong(
      'receipt-more',
      'A receipt more, of a record that is not told of',
      { told: 'proof.told' },
      {
        receipts: ([first]) => [first as Json, more],
      },
    ),
    wrong(
      'receipt-twice',
      'One receipt twice',
      { told: 'proof.told' },
      { receipts: ([first]) => [first as Json, first as Json] },
    ),
    wrong(
      'receipt-missing',
      'One of several receipts left out',
      { told: 'proof.unsigned' },
      {
        each: 2,
        receipts: (all) => all.slice(0, -1),
      },
    ),
    wrong(
      'signature-flipped',
      'A byte of a signature',
      { signatures: 'proof.signature' },
      { receipts: ([first]) => [flipped(first)] },
    ),
    wrong(
      'signature-flipped-in-one',
      'A byte of a signature of one of several receipts',
      { signatures: 'proof.signature' },
      {
        each: 2,
        receipts: ([first, second, ...rest]) => [first as Json, flipped(second), ...rest],
      },
    ),
    wrong(
      'signers-two',
      'Two provinces where three are asked for',
      { signers: 'signer.too-few' },
      { peers: [shanghai, jiangsu] },
    ),
    wrong(
      'signers-one-twice',
      'One province’s peer twice',
      { signers: 'signer.too-few' },
      { peers: [shanghai, jiangsu, jiangsu] },
    ),
    wrong('signer-client', 'A client among the signers', { signers: 'signer.unit' }, { peers: [shanghai, jiangsu, client] }),
    wrong(
      'signers-of-other-roots',
      'Signed by peers of roots that are not trusted',
      { signers: 'signer.root' },
      {
        peers: peersOf(foreign),
      },
    ),
    wrong(
      'embedded-as-network',
      'One operator’s ledger against a trust file that asks for four provinces',
      { assurance: 'signer.assurance' },
      { peers: peersOf(embedded) },
      trustOf(embedded),
    ),
    wrong(
      'other-channel',
      'An answer about another channel than is trusted',
      { ledger: 'proof.ledger' },
      {},
      trustOf(scene, { channel: 'other' }),
    ),
    wrong(
      'receipt-of-certificate-question',
      'A receipt that answers another question',
      { told: 'proof.told' },
      {
        receipts: () => [JSON.parse(question) as Json],
      },
    ),
  ]);
}
