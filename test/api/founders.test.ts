import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { awaitFounders } from '../../api/founders.js';
import { resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import type { LedgerInfo } from '../../network/ledger.js';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'founders-'));
  store = await openSqliteStore(join(folder, 'store.db'));
  await store.db.transaction().execute(resetProjection);
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const written = {
  type: 'founder',
  value: '{}',
  block: 1,
  position: 0,
  transaction_id: '0'.repeat(64),
  time: '2026-11-02T08:00:00Z',
};
const founded = (provinces: readonly string[]) =>
  store.db
    .insertInto('record')
    .values(provinces.map((province) => ({ ...written, key: `founder~${province}` })))
    .execute();

/** Heights as the ledger tells them, one after the other, the last one again and again. */
function depsOf(...heights: number[]) {
  const waited: number[] = [];
  const info = async () => ({ height: heights.length > 1 ? heights.shift() : heights[0] }) as LedgerInfo;
  const waitFor = async (block: number) => {
    waited.push(block);
    // The tables have the registrars once they have block 4.
    if (block >= 4) await founded(PROVINCE_CODES);
  };
  return { waited, deps: { store, ledger: { info }, projection: { waitFor } } as never as Parameters<typeof awaitFounders>[0] };
}

describe('the registrars that a start waits for', () => {
  it('may come when peers have been reached that know them', async () => {
    const { deps, waited } = depsOf(0, 2, 5);
    await awaitFounders(deps, undefined);
    expect(waited).toEqual([-1, 1, 4]);
  });

  it('are missed by name when the chain has none of what is served', async () => {
    await founded(['320000']);
    await expect(awaitFounders(depsOf(3).deps, undefined, 0)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringContaining('no registrar of shanghai, zhejiang, anhui: run npm run network -- up'),
    });
    await awaitFounders(depsOf(3).deps, '320000', 0);
  });

  it('are not said to be missing when nobody tells how long the chain is', async () => {
    await expect(awaitFounders(depsOf(0).deps, undefined, 0)).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringContaining('no peer says how long the chain is'),
    });
  });
});
