import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Checkpoints } from '../../network/sqlite/checkpoints.js';

const EVERY = 10;
const FALLBACK_PAGES = 1000;
/** A pass that may begin has begun, and copied, within so long. */
const A_PASS_MILLISECONDS = 200;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A connection that keeps what it was told, and `work` that resolves when it was still. */
function connection() {
  const told: (number | 'still')[] = [];
  let stood = () => {};
  const wasStill = new Promise<void>((resolve) => {
    stood = resolve;
  });
  return {
    told,
    wasStill,
    checkpointEvery: (pages: number) => void told.push(pages),
    still: async (work: () => Promise<void>) => {
      await work();
      told.push('still');
      stood();
    },
  };
}

it('another thread copies the log into the file, at last while the connection that writes is still', async () => {
  const path = join(folder, 'copied.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (v BLOB)');
  const { told, wasStill, ...own } = connection();
  const checkpoints = new Checkpoints(own, path, EVERY);
  database.exec('INSERT INTO t VALUES (zeroblob(1000000))');
  checkpoints.noted(EVERY - 1);
  await checkpoints.alone(() => {});
  const [before, quiet] = [statSync(path).size, [...told]];
  checkpoints.noted(1);
  await wasStill;
  await checkpoints.stop();
  expect([before < 100_000, quiet]).toEqual([true, [0]]);
  expect(told).toEqual([0, 'still']);
  expect(statSync(path).size).toBeGreaterThan(1_000_000);
  database.close();
});

it('what is written while much is copied is copied as well before anybody has to be still', async () => {
  const path = join(folder, 'passes.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (v BLOB)');
  const insert = () => database.exec('INSERT INTO t VALUES (zeroblob(1000000))');
  const copied: number[] = [];
  let stood = () => {};
  const still = async (work: () => Promise<void>) => {
    copied.push(statSync(path).size);
    await work();
    stood();
  };
  const checkpoints = new Checkpoints({ checkpointEvery: () => {}, still }, path, EVERY);
  // The first time the thread starts; the second time it has begun to copy when more is written.
  for (let time = 0; time < 2; time++) {
    const isStill = new Promise<void>((resolve) => {
      stood = resolve;
    });
    insert();
    checkpoints.noted(EVERY);
    insert();
    await isStill;
    await turn();
  }
  await checkpoints.stop();
  expect(copied[1]).toBeGreaterThan(4_000_000);
  database.close();
});

it('commits make the checkpoints again when the thread fails, and it is not started anew', async () => {
  const { told, ...own } = connection();
  const checkpoints = new Checkpoints(own, join(folder, 'nowhere', 'x.db'), EVERY);
  checkpoints.noted(EVERY);
  await checkpoints.alone(() => {});
  checkpoints.noted(EVERY);
  await turn();
  await checkpoints.stop();
  expect(told).toEqual([0, FALLBACK_PAGES]);
});

it('what empties the log has the file to itself, between two passes too', async () => {
  const path = join(folder, 'alone.db');
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (v BLOB)');
  const insert = () => database.exec('INSERT INTO t VALUES (zeroblob(1000000))');
  const { told, wasStill, ...own } = connection();
  const checkpoints = new Checkpoints(own, path, EVERY);
  insert();
  checkpoints.noted(EVERY);
  const [before, after, emptied] = await checkpoints.alone(async () => {
    const size = statSync(path).size;
    insert();
    await sleep(A_PASS_MILLISECONDS);
    return [size, statSync(path).size, database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()];
  });
  expect([after, emptied]).toEqual([before, { busy: 0, log: 0, checkpointed: 0 }]);
  await wasStill;
  expect(told).toEqual([0, 'still']);
  await checkpoints.stop();
  database.close();
});
