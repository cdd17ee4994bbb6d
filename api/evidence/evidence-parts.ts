/** What belongs to a thing without being named in its record: a case's entries, leaves, uses, copies. */

import { packedLeaf, packedPath, packedSize } from '../../chaincode/merkle/packed.js';
import { buildTree } from '../../chaincode/merkle/tree.js';
import { key } from '../../chaincode/state/keys.js';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import type { JsonObject } from '../../network/proof/canonical-json.js';
import type { Leaf, Thing } from '../../network/proof/evidence/bundle.js';
import type { SignedRecords } from '../../network/proof/evidence/records.js';
import type { Parts } from '../../network/proof/evidence/story.js';
import type { Principal } from '../auth/principal.js';
import { readsGrant } from '../auth/reading.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { type AnchoredRow, listAnchored, standingBatch } from '../projection/anchored.js';
import { grantsOfCase, useIdsForCase } from '../projection/case-data.js';
import { readsCase } from '../projection/case-lists.js';
import { useKeys } from '../projection/grant-lists.js';
import { listRecords } from '../projection/lists.js';
import { findRecord } from '../projection/records.js';
import { listCopies } from '../projection/standing-certificates.js';
import type { Store } from '../store/store.js';
import { leafProofOf } from '../verification/leaf-proof.js';

/** A bundle is one answer made in memory. */
export const EVIDENCE_LIMIT = 5000;
const FEW_LEAVES = 8;

const NONE = { timeline: [], anchored: [], issued: [], uses: [], copies: [], grants: [] } as const;
const ALL = { limit: EVIDENCE_LIMIT, after: undefined } as const;

function withinLimit<T>(rows: readonly T[]): readonly T[] {
  if (rows.length > EVIDENCE_LIMIT) throw new Problem('evidence.too-large');
  return rows;
}

/** As many entries as the signed record of the case counts; those that came since belong to a later story. */
async function timelineOf({ store }: Deps, caseId: string, signed: SignedRecords): Promise<JsonObject[]> {
  const record = signed.get(key('case', caseId))?.value as CaseRecord | undefined;
  const rows = withinLimit(await listRecords(store, 'entry', [caseId], ALL));
  return rows.slice(0, record?.entries).map(({ value }) => JSON.parse(value) as JsonObject);
}

async function leavesOf(store: Store, key: string): Promise<Buffer> {
  const [block = 0, position = 0] = key.split('.').map(Number);
  const batch = await standingBatch(store.db, block, position);
  if (!batch) throw new Error(`no anchored batch at ${block}.${position}`);
  return Buffer.from(batch.leaves, 'base64');
}

/** A tree is worth making for many leaves of a batch, and costs more than a path for few. */
function pathsOf(leaves: Buffer, places: readonly number[]): string[][] {
  if (places.length <= FEW_LEAVES) return places.map((place) => packedPath(leaves, place).path);
  const tree = buildTree(Array.from({ length: packedSize(leaves) }, (_unused, place) => packedLeaf(leaves, place)));
  return places.map((place) => tree.path(place));
}

/**
 * Records that the case's readers anchored under it, in block order: those of one batch follow one another. Anybody may
 * name a case; what strangers say of it is no evidence, and does not stand in the way of any.
 */
async function anchoredOf({ store }: Deps, caseId: string): Promise<Leaf[]> {
  const batches = new Map<string, AnchoredRow[]>();
  for (const row of withinLimit(await listAnchored(store, caseId, ALL, true)))
    if (!batches.get(row.batch_id)?.push(row)) batches.set(row.batch_id, [row]);
  const leaves: Leaf[] = [];
  for (const [batchId, rows] of batches) {
    const [{ key: first }] = rows as [AnchoredRow];
    const paths = pathsOf(
      await leavesOf(store, first),
      rows.map(({ place }) => place),
    );
    for (const [index, row] of rows.entries())
      leaves.push({ record: JSON.parse(row.record) as JsonObject, batchId, index: row.place, path: paths[index] as string[] });
  }
  return leaves;
}

async function issuedOf({ store }: Deps, certificateIds: readonly string[]): Promise<Leaf[]> {
  const proofs = await Promise.all(certificateIds.map((id) => leafProofOf(store, id)));
  return proofs.flatMap((proof) => {
    if (!proof) return [];
    const { leaf, batchId, index, path } = proof;
    return [{ record: leaf as JsonObject, batchId, index, path }];
  });
}

async function usesOf(store: Store, grantId: string, block: number): Promise<string[]> {
  const keys = withinLimit(await useKeys(store, grantId, block, EVIDENCE_LIMIT));
  return keys.map((useKey) => useKey.slice('use~'.length));
}

/** The block that the grant's count was read at, where that is the later one. */
function countedUntil(signed: SignedRecords, grantId: string, block: number): number {
  return Math.max(block, signed.get(key('grant-count', grantId))?.version?.block ?? 0);
}

/**
 * The grants that data were used under in a case and that the asker may read, and the attempts to use them for it: a
 * party of a case need not be one of its grants. Where a grant for the case counts its uses, as many as are counted.
 */
async function dataOf(deps: Deps, principal: Principal, record: CaseRecord, signed: SignedRecords, block: number) {
  const { store } = deps;
  const { caseId, proactive } = record;
  const named = await grantsOfCase(store, caseId, block);
  const [grants, uses]: [string[], string[]] = [[], []];
  for (const grantId of new Set([...named, ...(proactive ? [proactive.grantId] : [])])) {
    const grant = await findRecord<GrantRecord>(store, 'grant', grantId);
    if (!grant || !readsGrant(principal, grant) || !(await readsCase(store, grant.grantee, caseId))) continue;
    grants.push(grantId);
    const isOwn = grant.caseId === caseId;
    const until = isOwn ? countedUntil(signed, grantId, block) : block;
    uses.push(...(await useIdsForCase(store, { grantId, caseId, isOwn }, until, EVIDENCE_LIMIT)));
    withinLimit(uses);
  }
  return { grants, uses };
}

/**
 * Gives the parts as the signed records ask for them. What no signed record counts is as of the block that was projected when
 * this began, so that it does not grow while the peers are being asked. What it throws: Problem `evidence.too-large`.
 */
export function partsOf(deps: Deps, principal: Principal, { type, id }: Thing): (signed: SignedRecords) => Promise<Parts> {
  const { block } = deps.projection;
  let anchored: Promise<Leaf[]> | undefined;

  const ofCase = async (signed: SignedRecords): Promise<Parts> => {
    anchored ??= anchoredOf(deps, id);
    const record = (await findRecord<CaseRecord>(deps.store, 'case', id)) as CaseRecord;
    const [timeline, leaves, issued, data] = await Promise.all([
      timelineOf(deps, id, signed),
      anchored,
      issuedOf(deps, record.decision?.certificates ?? []),
      dataOf(deps, principal, record, signed, block),
    ]);
    return { ...NONE, timeline, anchored: leaves, issued, ...data };
  };

  const ofCertificate = async (): Promise<Parts> => {
    const copies = withinLimit(await listCopies(deps.store, id, ALL));
    const keys = copies.map(({ key: digest }) => key('certificate-digest', ...digest.split(' ')));
    return { ...NONE, issued: await issuedOf(deps, [id]), copies: keys };
  };

  const ofGrant = async (signed: SignedRecords): Promise<Parts> => {
    return { ...NONE, uses: await usesOf(deps.store, id, countedUntil(signed, id, block)) };
  };

  const makers = { case: ofCase, certificate: ofCertificate, grant: ofGrant, use: async () => NONE };
  return makers[type];
}
