import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstReadLogFault, LookNotRecorded, recordLook } from '../../api/store/read-log.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import { freshAgencyId } from '../support/contract-world.js';

const NOW = Date.parse('2026-11-02T08:00:00Z');
const AGENCY = freshAgencyId('310000');

let folder: string;
let store: Store;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'read-log-'));
  store = await openSqliteStore(join(folder, 'store.db'));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('the read log', () => {
  const operator = '0'.repeat(64);
  const principal = { agencyId: AGENCY, province: '310000', roles: [], withheld: [], keyDigest: '', operator } as const;
  const look = (thing: string) =>
    recordLook({ store, clock: () => NOW }, { principal, action: 'subject.opening', thing, reason: 'complaint' });

  it('numbers and chains its entries, also when they come at once', async () => {
    await Promise.all(Array.from({ length: 30 }, (_unused, index) => look(`t${index}`)));
    expect(await firstReadLogFault(store)).toBeUndefined();
    const rows = await store.db.selectFrom('read_log').selectAll().orderBy('number').execute();
    expect(rows.map((row) => row.number)).toEqual(Array.from({ length: 30 }, (_unused, index) => index + 1));
    expect(rows[0]?.previous_hash).toBe('0'.repeat(64));
  });

  it('shows which entry was changed, taken out or added', async () => {
    for (const thing of ['a', 'b', 'c']) await look(thing);
    await store.db.updateTable('read_log').set({ reason: 'audit' }).where('number', '=', 2).execute();
    expect(await firstReadLogFault(store)).toBe(2);
    await store.db.updateTable('read_log').set({ reason: 'complaint' }).where('number', '=', 2).execute();
    expect(await firstReadLogFault(store)).toBeUndefined();
    await store.db.deleteFrom('read_log').where('number', '=', 1).execute();
    expect(await firstReadLogFault(store)).toBe(1);
  });

  it('enters looks that come at once together, and each that comes later after them', async () => {
    const times = [look('a'), look('b')];
    await Promise.all(times);
    await Promise.all([look('c'), look('d').then(() => look('e'))]);
    const rows = await store.db.selectFrom('read_log').select('thing').orderBy('number').execute();
    expect(rows.map(({ thing }) => thing)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('tells every one of several at once that none was entered', async () => {
    await store.db.schema.alterTable('read_log').renameTo('away').execute();
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map(look));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'LookNotRecorded' } });
    await store.db.schema.alterTable('away').renameTo('read_log').execute();
    await look('d');
    expect(await store.db.selectFrom('read_log').select('thing').execute()).toEqual([{ thing: 'd' }]);
  });

  it('says when it cannot be written', async () => {
    await store.db.schema.dropTable('read_log').execute();
    await expect(look('a')).rejects.toThrow(LookNotRecorded);
  });
});
