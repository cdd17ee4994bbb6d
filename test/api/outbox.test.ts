import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import { storeOutbox } from '../../api/submission/outbox.js';

const ID = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);

let folder: string;
let store: Store;
const open = () => openSqliteStore(join(folder, 'store.db'));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

describe('the outbox', () => {
  it('gives the next process the very bytes', async () => {
    const envelope = new Uint8Array(randomBytes(5000));
    await (await storeOutbox(store)).put({ transactionId: ID, envelope });
    await store.close();
    store = await open();
    expect(await (await storeOutbox(store)).pending()).toEqual([{ transactionId: ID, envelope }]);
  });

  it('holds a transaction once, as it was put first', async () => {
    const outbox = await storeOutbox(store);
    const envelope = new Uint8Array([1, 2, 3]);
    await Promise.all([outbox.put({ transactionId: ID, envelope }), outbox.put({ transactionId: ID, envelope })]);
    await outbox.put({ transactionId: ID, envelope: new Uint8Array([9]) });
    expect(await outbox.pending()).toEqual([{ transactionId: ID, envelope }]);
  });

  it('forgets what is settled, and nothing else', async () => {
    const outbox = await storeOutbox(store);
    const envelope = new Uint8Array([0, 255]);
    for (const transactionId of [ID, OTHER]) await outbox.put({ transactionId, envelope });
    await outbox.settle(ID);
    await outbox.settle(ID);
    expect(await outbox.pending()).toEqual([{ transactionId: OTHER, envelope }]);
  });

  it('knows whether what an earlier process left is settled', async () => {
    const envelope = new Uint8Array([7]);
    const earlier = await storeOutbox(store);
    for (const transactionId of [ID, OTHER]) await earlier.put({ transactionId, envelope });
    expect(earlier.isCaughtUp()).toBe(true);
    const later = await storeOutbox(store);
    await later.settle(ID);
    await later.put({ transactionId: 'ef'.repeat(32), envelope });
    expect(later.isCaughtUp()).toBe(false);
    await later.settle(OTHER);
    expect(later.isCaughtUp()).toBe(true);
  });

  it('does not say that it keeps what it could not write', async () => {
    const outbox = await storeOutbox(store);
    await store.db.schema.dropTable('outbox').execute();
    await expect(outbox.put({ transactionId: ID, envelope: new Uint8Array([1]) })).rejects.toThrow(/outbox/);
  });
});
