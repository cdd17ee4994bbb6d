import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { verifyLog } from '../../network/embedded/verify-log.js';
import {
  allBlocks,
  copyOf,
  foundedLedger,
  readRecord,
  register,
  registrarSigner,
  removeTemporaryFolders,
} from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('a data folder whose state', () => {
  let source: string;
  let folder: string;
  let agencyId: string;
  beforeAll(async () => {
    const world = await foundedLedger();
    ({ agencyId } = await register(world));
    for (let count = 0; count < 4; count += 1) await register(world);
    await world.ledger.close();
    source = world.folder;
  });
  beforeEach(() => {
    folder = copyOf(source);
  });

  async function expectSame(message: RegExp | undefined): Promise<void> {
    const log: string[] = [];
    const world = await openEmbedded({ folder, log: (line) => log.push(line) });
    if (message) expect(log.join('\n')).toMatch(message);
    else expect(log).toEqual([]);
    const record = await world.ledger.evaluate(readRecord(await registrarSigner(world), `agency~${agencyId}`));
    expect(JSON.parse(record)).toMatchObject({ agencyId });
    for (const { number, transactions } of (await allBlocks(world.ledger)).slice(1))
      for (const { id } of transactions)
        expect(await world.ledger.transactionStatus(id)).toMatchObject({ status: 'valid', committed: { block: number } });
    expect((await world.history(`agency~${agencyId}`)).length).toBe(1);
    await register(world);
    await world.ledger.close();
  }

  it('is whole is used as it is', () => expectSame(undefined));

  it('is whole under a much older watermark, as after a power failure, is used as it is', async () => {
    const { watermark } = pathsOf(folder);
    const older = readFileSync(watermark);
    const world = await openEmbedded({ folder });
    for (let count = 0; count < 70; count += 1) await register(world);
    await world.ledger.close();
    writeFileSync(watermark, older);
    await expectSame(undefined);
  });

  it('is missing is made anew', async () => {
    rmSync(pathsOf(folder).state);
    await expectSame(/made from the block log/);
  });

  it('is behind is caught up', async () => {
    const { state } = pathsOf(folder);
    const older = readFileSync(state);
    const world = await openEmbedded({ folder });
    for (let count = 0; count < 3; count += 1) await register(world);
    await world.ledger.close();
    writeFileSync(state, older);
    await expectSame(undefined);
  });

  it('is ahead of the log is made anew', async () => {
    const { state, log, watermark } = pathsOf(folder);
    const [olderLog, olderWatermark] = [readFileSync(log), readFileSync(watermark)];
    const world = await openEmbedded({ folder });
    await register(world);
    await world.ledger.close();
    expect(existsSync(state)).toBe(true);
    writeFileSync(log, olderLog);
    writeFileSync(watermark, olderWatermark);
    await expectSame(/made from the block log/);
  });

  it('is of another ledger is made anew', async () => {
    const other = await foundedLedger();
    for (let count = 0; count < 5; count += 1) await register(other);
    await other.ledger.close();
    writeFileSync(pathsOf(folder).state, readFileSync(pathsOf(other.folder).state));
    await expectSame(/made from the block log/);
  });

  it.each([
    ['the commit hash', "commit_hash = x'00'"],
    ['a smaller height', 'height = height - 1'],
    ['a greater height', 'height = height + 1'],
  ])('has %s wrong in its savepoint is made anew, and the chain of commit hashes goes on from the log', async (_, change) => {
    const database = new DatabaseSync(pathsOf(folder).state);
    database.exec(`UPDATE savepoint SET ${change}`);
    database.close();
    await expectSame(/made from the block log/);
    expect((await verifyLog(folder)).problem).toBeUndefined();
  });

  it('is no database is made anew', async () => {
    writeFileSync(pathsOf(folder).state, Buffer.alloc(8192, 3));
    await expectSame(/made from the block log/);
  });

  it('is of another version is made anew', async () => {
    const database = new DatabaseSync(pathsOf(folder).state);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expectSame(/made from the block log/);
  });
});

describe('a changed record in the state', () => {
  it('is noticed when it is read, stops the ledger, and is made anew at the next start', async () => {
    const world = await foundedLedger();
    const { agencyId } = await register(world);
    const signer = await registrarSigner(world);
    await world.ledger.close();
    const database = new DatabaseSync(pathsOf(world.folder).state);
    database.prepare('UPDATE state SET value = ? WHERE key = ?').run(Buffer.from('{"status":"active"}'), `agency~${agencyId}`);
    database.close();

    const changed = await openEmbedded({ folder: world.folder });
    const read = readRecord(signer, `agency~${agencyId}`);
    await expect(changed.ledger.evaluate(read)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    await expect(changed.ledger.evaluate(readRecord(signer, 'agency~x'))).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    expect(changed.health()).toMatchObject({
      ready: false,
      reason: expect.stringContaining(`the state of agency~${agencyId} is damaged`),
    });
    await changed.ledger.close();

    const again = await openEmbedded({ folder: world.folder });
    expect(JSON.parse(await again.ledger.evaluate(read))).toMatchObject({ agencyId });
    expect(again.health().ready).toBe(true);
    await again.ledger.close();
  });
});
