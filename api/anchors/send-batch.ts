/** A batch to the ledger, under the operation that it was given when it was begun: so it is applied once, however often it is sent. */
import { packLeaves } from '../../chaincode/merkle/packed.js';
import type { CaseColumns, PackedBatch } from '../../chaincode/transactions/anchor/batch.js';
import { type AnchoredRecord, recordTag } from '../../chaincode/transactions/anchor/record.js';
import { type SettleDeps, settle } from '../submission/settle.js';
import { findBatch, markAnchored, textsOf } from './anchor-rows.js';

type Columns = { -readonly [Name in keyof CaseColumns]: CaseColumns[Name] };

function columnsOf(records: readonly AnchoredRecord[]): Columns | undefined {
  const columns: Columns = { index: [], caseId: [], recordId: [], kind: [], alg: [], digest: [], occurredAt: [] };
  for (const [index, { caseId, recordId, kind, digest, occurredAt }] of records.entries()) {
    if (caseId === undefined) continue;
    columns.index.push(index);
    columns.caseId.push(caseId);
    columns.recordId.push(recordId);
    columns.kind.push(kind);
    columns.alg.push(digest.alg);
    columns.digest.push(digest.value);
    columns.occurredAt.push(occurredAt);
  }
  return columns.index.length > 0 ? columns : undefined;
}

export interface Packed {
  readonly input: PackedBatch;
  readonly tags: readonly string[];
}

/** What the contract takes for leaves of these texts, and the tags in it. */
export function packBatch(agency: string, texts: readonly string[]): Packed {
  const records = texts.map((text) => JSON.parse(text) as AnchoredRecord);
  const tags = records.map(({ recordId }) => recordTag(agency, recordId));
  const cases = columnsOf(records);
  const input = {
    leaves: packLeaves(texts).toString('base64'),
    tags: Buffer.from(tags.join(''), 'hex').toString('base64'),
    ...(cases && { cases }),
  };
  return { input, tags };
}

export type Sent =
  | { readonly kind: 'anchored' }
  /** the ledger does not take it now, and may later: the agency was deactivated, or its key is not here */
  | { readonly kind: 'refused'; readonly error: unknown }
  /** this process ends first */
  | { readonly kind: 'stopped' };

/** Sends until the outcome is certain, and until this API's reads include it. */
export async function sendBatch(deps: SettleDeps, number: number): Promise<Sent> {
  const batch = await findBatch(deps.store, number);
  if (!batch?.operation) throw new Error(`anchor batch ${number} is not one of this store`);
  const { agency, operation } = batch;
  const { input, tags } = packBatch(agency, await textsOf(deps.store, number));
  const settled = await settle(deps, { agency, operation, function: 'anchor:AnchorRecords', asked: input, input }, undefined);
  if (!settled) return { kind: 'stopped' };
  if (settled.kind === 'refused') return { kind: 'refused', error: settled.refusal };
  if (settled.kind === 'failed') return { kind: 'refused', error: settled.error };
  await markAnchored(deps.store, batch, settled.committed, tags);
  return { kind: 'anchored' };
}
