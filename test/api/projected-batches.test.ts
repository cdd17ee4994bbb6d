import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificateBatchProjector } from '../../api/projection/certificate-batch.js';
import { standingCertificate } from '../../api/projection/standing-certificates.js';
import { resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import { buildTree } from '../../chaincode/merkle/tree.js';
import { certificateLeafHash } from '../../chaincode/transactions/certificate/batch.js';
import { hash } from '../support/digests.js';

const ISSUER = '113100000000000001';
let serial = 0;

/** By the rules of today an issuer's own numbers begin with its code: these would not be leaves. */
function item(word: string) {
  return {
    certificateId: `licence-${word}`,
    typeCode: 'food-licence',
    subject: hash('subject'),
    digests: [{ alg: 'sha-256', value: hash(word), role: 'original' }],
    validFrom: '2026-01-01T00:00:00Z',
    capture: { system: 'a', version: '1', method: 'generated', capturedAt: '2025-12-31T08:00:00Z' },
  } as const;
}

describe('a batch that is projected again after the rules have changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'projected-batches-'));
  let store: Store;
  beforeAll(async () => {
    store = await openSqliteStore(join(folder, 'store.db'));
    await store.db.transaction().execute(resetProjection);
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function project(items: readonly ReturnType<typeof item>[], outcomes: readonly object[], { size, root }: Tree) {
    const batchId = hash(`batch ${++serial}`);
    const recordedAt = '2026-11-02T01:00:00.000Z';
    const value = { batchId, size, root, issuer: ISSUER, province: '310000', recordedAt };
    const transaction = {
      id: batchId,
      position: 0,
      validationCode: 'VALID',
      time: recordedAt,
      kind: 'endorser',
      creatorMspId: 'ShanghaiMSP',
      function: 'certificate:IssueBatch',
      argument: JSON.stringify({ input: { items }, operation: 'operation-id-0001' }),
      payload: JSON.stringify({ batchId, size, root, outcomes }),
      endorsers: [],
      writes: [],
    } as const;
    const write = {
      key: `certificate-batch~${batchId}`,
      type: 'certificate-batch',
      parts: [batchId],
      block: 5,
      position: 0,
    } as const;
    const projected = store.db
      .transaction()
      .execute(async (db) => certificateBatchProjector.project?.(db, { ...write, value, transaction }));
    return { batchId, projected };
  }

  type Tree = Pick<ReturnType<typeof buildTree>, 'size' | 'root'>;
  const leavesOf = (batchId: string) =>
    store.db.selectFrom('certificate_leaf').select('hash').where('batch_id', '=', batchId).orderBy('leaf_index').execute();

  it('has the leaves that it had when it was issued', async () => {
    const items = [item('a'), item('b'), item('c')];
    const hashes = [items[0], items[2]].map((leaf) => certificateLeafHash(leaf as never));
    const outcomes = items.map(({ certificateId }, index) => ({
      index,
      certificateId,
      ...(index === 1 && { code: 'certificate.exists' }),
    }));
    const { batchId, projected } = project(items, outcomes, buildTree(hashes));
    await projected;
    expect(await leavesOf(batchId)).toEqual(hashes.map((leaf) => ({ hash: leaf })));
    expect(await standingCertificate(store.db, 'licence-c')).toMatchObject({ issuer: ISSUER, batch: { batchId, index: 1 } });
    expect(await standingCertificate(store.db, 'licence-b')).toBeUndefined();
  });

  it.each([
    ['another root', (tree: Tree) => ({ ...tree, root: hash('another root') })],
    ['another size', (tree: Tree) => ({ ...tree, size: tree.size + 1 })],
  ])('is not projected at all under %s', async (_what, forge) => {
    const items = [item(`forged ${serial}`)];
    const tree = buildTree(items.map((leaf) => certificateLeafHash(leaf as never)));
    const { batchId, projected } = project(items, [{ index: 0, certificateId: items[0]?.certificateId }], forge(tree));
    await expect(projected).rejects.toThrow('do not make its root');
    expect(await leavesOf(batchId)).toEqual([]);
  });
});
