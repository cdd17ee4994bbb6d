import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbedded } from '../../network/embedded/open.js';
import { auditWorlds } from '../support/audit-world.js';
import { followedFolder } from '../support/followed-folder.js';
import { register, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('what a follower of a folder remembers from one run to the next', () => {
  const world = auditWorlds();
  let progressFile: string;
  beforeEach(() => {
    progressFile = join(temporaryFolder(), 'progress');
  });
  const follow = () => followedFolder(world(), { progressFile });
  const noted = () => JSON.parse(readFileSync(progressFile, 'utf8')) as { height: number; blockHash: string };

  /** A run that has looked once, and was stopped. */
  const ran = async () => {
    const { alarms, stop, done } = follow();
    await expect.poll(() => existsSync(progressFile), { timeout: 60_000 }).toBe(true);
    stop.abort();
    const found = await done;
    expect(alarms).toEqual([]);
    return found;
  };
  const differs = async (difference: object) => {
    const { alarms, done } = follow();
    await expect(done).rejects.toMatchObject({ name: 'Differs', difference });
    expect(alarms).toMatchObject([{ alarm: 'differs', difference }]);
  };
  const grow = async (blocks: number) => {
    const opened = await openEmbedded({ folder: world().folder });
    for (let count = 0; count < blocks; count += 1) await register(opened);
    await opened.ledger.close();
  };
  const cut = () => world().forger.write(world().forger.blocks.slice(0, -1), 'orderers');

  it('lets it go on over the same chain: only what is new is executed, and noted at a look', async () => {
    const { height, executed, blockHash } = await ran();
    expect(executed).toBeGreaterThan(1);
    expect(noted()).toMatchObject({ height, blockHash });
    const { alarms, stop, done, reaches } = follow();
    await reaches(height);
    await grow(1);
    await expect.poll(() => noted().height, { timeout: 60_000 }).toBe(height + 1);
    stop.abort();
    expect(await done).toMatchObject({ height: height + 1, resumedFrom: height, executed: 1 });
    expect(alarms).toEqual([]);
  });

  it('makes it alarm over a chain that was cut back meanwhile, at each restart', async () => {
    const { height } = await ran();
    await cut();
    expect(await world().audit()).toMatchObject({ height: height - 1 });
    const expected = `${height} blocks`;
    await differs({ check: 'checkpoint', block: height - 1, expected, found: `${height - 1} blocks` });
    expect(noted().height).toBe(height);
    await differs({ check: 'checkpoint', expected });
  });

  it('makes it alarm over another chain that is right in itself, as long or longer', async () => {
    const { height, blockHash } = await ran();
    await cut();
    await grow(1);
    expect(await world().audit()).toMatchObject({ height });
    await differs({ check: 'checkpoint', block: height - 1, expected: blockHash });
    await grow(2);
    await differs({ check: 'checkpoint', block: height - 1, expected: blockHash });
    expect(noted()).toMatchObject({ height, blockHash });
  });

  it('is compared too when other contracts executed then, and all is executed again', async () => {
    const { height, executed } = await ran();
    writeFileSync(progressFile, JSON.stringify({ ...JSON.parse(readFileSync(progressFile, 'utf8')), code: '1-other' }));
    const kept = `${progressFile}.kept`;
    cpSync(progressFile, kept);
    const { stop, done, reaches } = follow();
    await reaches(height);
    stop.abort();
    expect(await done).toMatchObject({ resumedFrom: 0, executed });
    cpSync(kept, progressFile);
    await cut();
    await differs({ check: 'checkpoint', expected: `${height} blocks` });
  });

  it.each([
    ['damaged', '{"format":"yrd-audit-progress/1","height":"3"}'],
    ['no progress file', 'blocks: 3'],
  ])('cannot be told from a file that is %s, which is an alarm and no beginning at block 0', async (_name, text) => {
    writeFileSync(progressFile, text);
    const { alarms, done } = follow();
    await expect(done).rejects.toMatchObject({ name: 'CannotTell' });
    expect(alarms).toMatchObject([{ alarm: 'cannot-tell', problem: expect.stringContaining('put it back') }]);
    rmSync(progressFile);
    expect(await ran()).toMatchObject({ resumedFrom: 0 });
  });
});
