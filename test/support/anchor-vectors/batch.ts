/** Batches as the ledger would have them, and the proofs of their records under receipts that anybody may be let sign. */
import { buildTree, leafHash } from '../../../chaincode/merkle/tree.js';
import { anchorBatchKey } from '../../../chaincode/transactions/anchor/batch.js';
import { type AnchoredRecord, leafText } from '../../../chaincode/transactions/anchor/record.js';
import { canonicalJson, type Json, type JsonObject } from '../../../network/proof/canonical-json.js';
import { receiptText } from '../../../network/proof/receipt.js';
import { anchored } from '../anchor-content.js';
import { hash } from '../digests.js';
import { payloadOf, recordsAnswer } from '../receipt-vectors/payloads.js';
import { type Party, signedBy } from '../receipt-vectors/scene.js';

const AGENCY = '1131000000000002X0';
const RECORDED_AT = '2026-02-01T00:00:00.000Z';

/** Records under one root, and the receipt that peers give of it. */
export interface Batch {
  readonly batchId: string;
  readonly records: readonly AnchoredRecord[];
}

/** @param name of the batch, and of its records: `p-0`, `p-1`, … */
export function batchOf(name: string, size: number, changes: (index: number) => Partial<AnchoredRecord> = () => ({})): Batch {
  const record = (index: number) =>
    anchored(AGENCY, `${name}-${index}`, { occurredAt: '2026-01-31T01:02:03Z', ...changes(index) });
  return { batchId: hash(name), records: Array.from({ length: size }, (_unused, index) => record(index)) };
}

function treeOf({ records }: Batch) {
  return buildTree(records.map((record) => leafHash(leafText(record))));
}

/** What the ledger holds under the root's key. */
export function batchRecord(batch: Batch): JsonObject {
  const { root } = treeOf(batch);
  const { batchId, records } = batch;
  return { agency: AGENCY, batchId, province: '310000', recordedAt: RECORDED_AT, root, size: records.length };
}

/** A receipt of one key. @param value null where there is nothing under it */
export function receiptOf(key: string, value: Json, peers: readonly Party[]): Json {
  const payload = payloadOf(recordsAnswer([{ key, value }]));
  return JSON.parse(receiptText({ payload, signatures: signedBy(peers, payload) })) as Json;
}

export function rootReceipt(batch: Batch, peers: readonly Party[]): Json {
  return receiptOf(anchorBatchKey(batch.batchId), batchRecord(batch), peers);
}

/** As `GET /v1/anchors/{recordId}` would tell it. */
export function proofIn(batch: Batch, index: number, receipt: Json): JsonObject {
  const tree = treeOf(batch);
  const { batchId, records } = batch;
  const record = records[index] as AnchoredRecord;
  const text = leafText(record);
  const told: Json = {
    format: 'yrd-anchor/1',
    record: JSON.parse(text) as Json,
    leaf: leafHash(text),
    index,
    size: records.length,
    path: tree.path(index),
    root: tree.root,
    batchId,
    transaction: { id: batchId, time: RECORDED_AT },
    receipt,
  };
  return JSON.parse(canonicalJson(told)) as JsonObject;
}
