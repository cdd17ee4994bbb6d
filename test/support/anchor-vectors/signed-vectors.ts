/** Proofs whose root was signed by nobody to accept, or for something else. */
import * as x509 from '@peculiar/x509';
import { anchorBatchKey } from '../../../chaincode/transactions/anchor/batch.js';
import { canonicalJson, type Json, type JsonObject } from '../../../network/proof/canonical-json.js';
import { hash } from '../digests.js';
import { OPERATION } from '../receipt-vectors/payloads.js';
import { listsOf } from '../receipt-vectors/revocation-vectors.js';
import { DAY, makeScene, member, NOW, type Party, peersOf, trustOf, type VectorProvince } from '../receipt-vectors/scene.js';
import type { VectorFiles } from '../vector-files.js';
import { batchRecord, receiptOf, rootReceipt } from './batch.js';
import { type AnchorStage, bad, good } from './vector.js';

const ROOT = { root: 'proof.root' };

function flipped(receipt: Json): Json {
  const { signatures, ...rest } = receipt as { signatures: { signature: string }[] } & JsonObject;
  const [first, ...others] = signatures;
  const bytes = Buffer.from(first?.signature ?? '', 'base64');
  bytes[12] = (bytes[12] ?? 0) ^ 1;
  return { ...rest, signatures: [{ ...first, signature: bytes.toString('base64') }, ...others] } as Json;
}

/** The peers signed, as they should, that which is another batch's, or none's. */
function otherwiseSigned(stage: AnchorStage): VectorFiles[] {
  const { scene, batch, proof } = stage;
  const peers = peersOf(scene);
  const key = anchorBatchKey(batch.batchId);
  const wrong = (name: string, about: string, receipt: Json) => bad(stage, name, about, ROOT, { ...proof, receipt });
  const signed = (name: string, about: string, change: JsonObject) =>
    wrong(name, about, receiptOf(key, { ...batchRecord(batch), ...change }, peers));
  return [
    signed('signed-other-size', 'The peers signed for a tree of another size', { size: 6 }),
    signed('signed-other-root', 'The peers signed for another root', { root: hash('root') }),
    signed('signed-other-agency', 'The peers signed for another agency’s batch', { agency: '11310000MB2F30029X' }),
    signed('signed-other-time', 'The peers signed for another time', { recordedAt: '2026-02-02T00:00:00.000Z' }),
    signed('signed-other-batch', 'The record under the batch’s key names another batch', { batchId: hash('q') }),
    wrong('signed-nothing', 'The peers signed that there is no such batch', receiptOf(key, null, peers)),
    wrong(
      'signed-under-another-key',
      'The batch’s record under a key that is no batch’s',
      receiptOf(OPERATION.key, batchRecord(batch), peers),
    ),
  ];
}

async function nobodyToAccept(stage: AnchorStage): Promise<VectorFiles[]> {
  const { scene, batch, proof, trust } = stage;
  const [shanghai, jiangsu] = peersOf(scene) as [Party, Party];
  const client = await member((scene[2] as VectorProvince).authority, { unit: 'client' });
  const [foreign, embedded] = [await makeScene(), await makeScene('single-operator')];
  const by = (name: string, about: string, faults: VectorFiles['faults'], peers: readonly Party[], its = trust) =>
    bad(stage, name, about, faults, { ...proof, receipt: rootReceipt(batch, peers) }, { trust: its });
  return [
    bad(
      stage,
      'signature-flipped',
      'A byte of a signature',
      { signatures: 'proof.signature' },
      {
        ...proof,
        receipt: flipped(proof.receipt as Json),
      },
    ),
    by('signers-two', 'Two provinces where three are asked for', { signers: 'signer.too-few' }, [shanghai, jiangsu]),
    by('signers-one-twice', 'One province’s peer twice', { signers: 'signer.too-few' }, [shanghai, jiangsu, jiangsu]),
    by(
      'signers-three-of-four',
      'Three provinces where four are asked for',
      { signers: 'signer.too-few' },
      peersOf(scene),
      trustOf(scene, { receiptPolicy: { k: 4 } }),
    ),
    by('signer-client', 'A client among the signers', { signers: 'signer.unit' }, [shanghai, jiangsu, client]),
    by('signers-of-other-roots', 'Signed by peers of roots that are not trusted', { signers: 'signer.root' }, peersOf(foreign)),
    by(
      'embedded-as-network',
      'One operator’s ledger against a trust file that asks for four provinces',
      { assurance: 'signer.assurance' },
      peersOf(embedded),
      trustOf(embedded),
    ),
    bad(stage, 'other-channel', 'An answer about another channel than is trusted', { ledger: 'proof.ledger' }, proof, {
      trust: trustOf(scene, { channel: 'other' }),
    }),
  ];
}

function versions(stage: AnchorStage): VectorFiles[] {
  const text = canonicalJson(stage.proof);
  const unknown = (name: string, about: string, faults: VectorFiles['faults'], judged: string): VectorFiles => ({
    ...bad(stage, name, about, faults, stage.proof, { judged }),
    verdict: 'unknown',
  });
  return [
    unknown(
      'unknown-version',
      'A version that is not known',
      { file: 'format.unknown' },
      text.replace('yrd-anchor/1', 'yrd-anchor/2'),
    ),
    unknown(
      'unknown-receipt-version',
      'A receipt of a version that is not known',
      { form: 'format.unknown' },
      text.replace('yrd-receipt/1', 'yrd-receipt/2'),
    ),
  ];
}

async function withLists(stage: AnchorStage): Promise<VectorFiles[]> {
  const { scene, proof } = stage;
  const { superseded, keyCompromise } = x509.X509CrlReason;
  const both = { signers: 'signer.revoked', revocation: 'signer.revoked' };
  return [
    good(stage, 'superseded-later', 'A peer got a new certificate afterwards: what it signed before stands', proof, {
      lists: await listsOf(scene, NOW + DAY, superseded),
    }),
    bad(stage, 'revoked-before', 'A peer was revoked before it signed the root', both, proof, {
      lists: await listsOf(scene, NOW - DAY, superseded),
    }),
    bad(stage, 'revoked-later-stolen-key', 'The key was stolen: the thief may declare any time', both, proof, {
      lists: await listsOf(scene, NOW + DAY, keyCompromise),
    }),
  ];
}

export async function signedVectors(stage: AnchorStage): Promise<VectorFiles[]> {
  return [...otherwiseSigned(stage), ...(await nobodyToAccept(stage)), ...versions(stage), ...(await withLists(stage))];
}
