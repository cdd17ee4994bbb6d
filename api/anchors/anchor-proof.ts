/** What this API can show of a record: that it waits, that it is anchored, or that another stands under its id. */
import { packedLeaf, packedPath, packedSize, packLeaves } from '../../chaincode/merkle/packed.js';
import type { AnchoredRecord } from '../../chaincode/transactions/anchor/record.js';
import { ANCHOR_FORMAT } from '../../network/proof/verify-anchor.js';
import { anchoredCaseRecord, standingBatch, standingLeaf } from '../projection/anchored.js';
import type { AnchoredLeafTable } from '../store/projected-tables.js';
import type { Store } from '../store/store.js';
import { findBatchOf, findPending, numberOf, textOf } from './anchor-rows.js';

/** A leaf and its way to the root that the ledger holds under `batchId`. */
export interface AnchorProof {
  readonly format: typeof ANCHOR_FORMAT;
  /** absent where this API does not know it: whoever holds the record puts it in */
  readonly record?: AnchoredRecord;
  /** the leaf's hash, 64 hex */
  readonly leaf: string;
  /** from 0 */
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
  readonly root: string;
  readonly batchId: string;
  readonly transaction: { readonly id: string; readonly time: string };
}

export type Shown =
  | { readonly status: 'pending' }
  | AnchorProof
  /** another record came first in block order under this id, through another API */
  | { readonly status: 'void'; readonly record: AnchoredRecord; readonly first: AnchorProof };

interface Standing {
  readonly proof: Omit<AnchorProof, 'format' | 'record'>;
  /** the leaf's text, where this API knows it */
  readonly text: string | undefined;
}

async function standingOf(store: Store, leaf: AnchoredLeafTable): Promise<Standing> {
  const { block, position, place } = leaf;
  const batch = await standingBatch(store.db, block, position);
  if (!batch) throw new Error(`no anchored batch at ${block}.${position}`);
  const leaves = Buffer.from(batch.leaves, 'base64');
  const own = await findBatchOf(store.db, batch.batch_id);
  const text = (own && (await textOf(store, numberOf(own.number, place)))) ?? (await anchoredCaseRecord(store, leaf));
  const proof = {
    leaf: packedLeaf(leaves, place),
    index: place,
    size: packedSize(leaves),
    ...packedPath(leaves, place),
    batchId: batch.batch_id,
    transaction: { id: batch.batch_id, time: batch.time },
  };
  return { proof, text };
}

/** Undefined for an id of which neither this API nor the ledger knows anything. */
export async function showAnchored(store: Store, agency: string, tag: string): Promise<Shown | undefined> {
  const [pending] = await findPending(store.db, agency, [tag]);
  const leaf = await standingLeaf(store, agency, tag);
  if (!leaf) return pending && { status: 'pending' };
  const { proof, text } = await standingOf(store, leaf);
  const own = pending?.record ?? text;
  if (own === undefined) return { format: ANCHOR_FORMAT, ...proof };
  const record = JSON.parse(own) as AnchoredRecord;
  // What is pending here may be this very leaf, which its batch was not told of yet, or one that came too late.
  if (packedLeaf(packLeaves([own]), 0) === proof.leaf) return { format: ANCHOR_FORMAT, record, ...proof };
  return { status: 'void', record, first: { format: ANCHOR_FORMAT, ...proof } };
}
