import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StateStore } from '../../network/embedded/state-store.js';

let folder: string;
let state: StateStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-store-'));
  state = StateStore.create(join(folder, 'state.db'));
});
afterAll(() => {
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

it('what it remembers of a block takes the memory of its values, not of the block or of a pool', () => {
  const envelope = Buffer.alloc(1024 * 1024, 'v');
  const keys = Array.from({ length: 50 }, (_, index) => `key-${index}`);
  const writes = keys.map((key, index) => ({ key, value: envelope.subarray(index * 100, index * 100 + 40) }));
  state.apply({
    number: 0,
    hash: Buffer.alloc(32),
    offset: 0,
    next: envelope.length,
    commitHash: Buffer.alloc(32),
    transactions: [{ id: 'ab'.repeat(32), code: 0, writes }],
  });
  const kept = new Set(keys.map((key) => state.get(key)?.value.buffer));
  expect([...kept].map((memory) => memory?.byteLength)).toEqual(keys.map(() => 40));
});
