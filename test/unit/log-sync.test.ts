import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LogSync } from '../../network/sqlite/log-sync.js';

let folder: string;
let path: string;
let database: DatabaseSync;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-sync-'));
  path = join(folder, 'x.db');
  database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (v INTEGER)');
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A disk whose syncs end when they are told to. */
function slowDisk() {
  const begun: { end: () => void; fail: (error: Error) => void }[] = [];
  const sync = () => new Promise<void>((end, fail) => void begun.push({ end, fail }));
  return { begun, sync };
}

const turn = () => new Promise((resolve) => setTimeout(resolve, 20));

it('syncs the log for real', async () => {
  const log = new LogSync(path);
  await log.synced();
  expect(() => log.check()).not.toThrow();
  await log.close();
});

it('waits for a sync that began after the commit, and those who wait together share one', async () => {
  const { begun, sync } = slowDisk();
  const log = new LogSync(path, sync);
  const told: string[] = [];
  const first = log.synced().then(() => told.push('first'));
  await turn();
  // These commits came while the first sync was under way, which may not hold them.
  const later = [log.synced(), log.synced()].map((one) => one.then(() => told.push('later')));
  await turn();
  expect(begun.length).toBe(1);
  begun[0]?.end();
  await first;
  await turn();
  expect([told, begun.length]).toEqual([['first'], 2]);
  begun[1]?.end();
  await Promise.all(later);
  expect([told, begun.length]).toEqual([['first', 'later', 'later'], 2]);
  await log.close();
});

it('closes when those who wait have been told', async () => {
  const { begun, sync } = slowDisk();
  const log = new LogSync(path, sync);
  const told: string[] = [];
  const waiting = [log.synced().then(() => told.push('first'))];
  await turn();
  waiting.push(log.synced().then(() => told.push('second')));
  const closed = log.close().then(() => told.push('closed'));
  begun[0]?.end();
  await turn();
  begun[1]?.end();
  await Promise.all([...waiting, closed]);
  expect(told).toEqual(['first', 'second', 'closed']);
});

it('a sync that failed is never taken for done by a later one', async () => {
  const { begun, sync } = slowDisk();
  const log = new LogSync(path, sync);
  const refused = expect(log.synced()).rejects.toThrow('EIO');
  await turn();
  const alsoRefused = expect(log.synced()).rejects.toThrow('EIO');
  begun[0]?.fail(new Error('EIO'));
  await refused;
  await alsoRefused;
  expect(() => log.check()).toThrow('EIO');
  expect(begun.length).toBe(1);
  await log.close();
});
