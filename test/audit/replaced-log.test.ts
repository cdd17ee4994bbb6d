import { copyFileSync, cpSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Audited } from '../../network/audit/audit-chain.js';
import { watermarkOf } from '../../network/audit/folder-files.js';
import { FollowedLog } from '../../network/audit/followed-log.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { createWatermark, type WatermarkValue } from '../../network/embedded/watermark.js';
import { auditWorlds } from '../support/audit-world.js';
import { recordsOf } from '../support/damaged-folder.js';
import { followedFolder } from '../support/followed-folder.js';
import { Forger } from '../support/forger.js';
import { copyOf, register, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('a folder that is followed, and whose files are replaced', () => {
  const world = auditWorlds();
  const paths = () => pathsOf(world().folder);

  /** A ledger of the same keys that has other blocks in place of the last one; closed. */
  const otherLedger = async (blocks: number): Promise<string> => {
    const folder = copyOf(world().source.folder);
    const forger = await Forger.open(folder);
    await forger.write(forger.blocks.slice(0, -1), 'orderers');
    const opened = await openEmbedded({ folder });
    for (let count = 0; count < blocks; count += 1) await register(opened);
    await opened.ledger.close();
    return folder;
  };
  const swap = (from: string, ...names: ('ledger' | 'watermark')[]) => {
    for (const name of names) {
      renameSync(paths()[name], `${paths()[name]}.away`);
      renameSync(pathsOf(from)[name], paths()[name]);
    }
  };
  const followed = async () => {
    const follower = followedFolder(world());
    await follower.reaches(world().height);
    const ends = async (difference: object) => {
      await expect(follower.done).rejects.toMatchObject({ name: 'Differs', difference });
      expect(follower.alarms).toMatchObject([{ alarm: 'differs', difference }]);
    };
    return { ...follower, ends };
  };
  const written = (change: (mark: WatermarkValue) => Partial<WatermarkValue>) => {
    const mark = watermarkOf(world().folder);
    createWatermark(paths().watermark, { ...mark, ...change(mark) });
  };

  it('goes on without an alarm when the files are the same to the byte', async () => {
    const { alarms, stop, done, reaches } = await followed();
    swap(copyOf(world().folder), 'ledger', 'watermark');
    rmSync(`${paths().ledger}.away`, { recursive: true });
    const opened = await openEmbedded({ folder: world().folder });
    await register(opened);
    await reaches(world().height + 1);
    await opened.ledger.close();
    stop.abort();
    expect(await done).toMatchObject({ height: world().height + 1 });
    expect(alarms).toEqual([]);
  });

  it('ends with an alarm when another chain of the same height is in place', async () => {
    const { ends } = await followed();
    swap(await otherLedger(1), 'watermark', 'ledger');
    await ends({ check: 'watermark', block: world().height - 1 });
  });

  it('ends with an alarm when another chain that is longer is in place, and names the first block that is another', async () => {
    const { ends } = await followed();
    const other = await otherLedger(3);
    swap(other, 'ledger', 'watermark');
    const problem = expect.stringContaining('was replaced by another log');
    await ends({ check: 'record', block: world().height - 1, problem });
  });

  it('ends with an alarm when the log alone is another one', async () => {
    const { ends } = await followed();
    swap(await otherLedger(3), 'ledger');
    await ends({ check: 'record', block: world().height - 1 });
  });

  it('ends with an alarm when another log is written over it in place', async () => {
    const { ends } = await followed();
    copyFileSync(pathsOf(await otherLedger(3)).log, paths().log);
    await ends({ check: 'record', block: world().height - 1, problem: expect.stringContaining('was written over') });
  });

  it('ends with an alarm when the log is gone', async () => {
    const { ends } = await followed();
    rmSync(paths().ledger, { recursive: true });
    await ends({ check: 'watermark', block: 0, found: 'nothing', problem: expect.stringContaining('is gone') });
  });

  it('ends with an alarm when the log loses its end', async () => {
    const { ends } = await followed();
    const { offset } = recordsOf(readFileSync(paths().log)).at(-1) as { offset: number };
    truncateSync(paths().log, offset);
    await ends({ check: 'watermark', block: world().height - 1, found: `${offset} bytes` });
  });

  it('ends with an alarm when the watermark is gone', async () => {
    const { ends } = await followed();
    rmSync(paths().watermark);
    await ends({ check: 'watermark', problem: expect.stringContaining('is missing') });
  });

  it('ends with an alarm when more blocks are acknowledged than the log holds', async () => {
    const { ends } = await followed();
    written(({ height }) => ({ height: height + 1 }));
    await ends({ check: 'watermark', block: world().height, found: `${world().height} blocks` });
  });

  it('ends with an alarm when another block than the one that was read is acknowledged', async () => {
    const { ends } = await followed();
    written(() => ({ hash: Buffer.alloc(32, 1) }));
    await ends({ check: 'watermark', block: world().height - 1, expected: expect.stringContaining('01'.repeat(32)) });
  });

  describe('looked at step by step', () => {
    const read = async (): Promise<{ log: FollowedLog; at: Audited }> => {
      const at = await world().audit();
      const log = new FollowedLog(world().folder);
      for await (const { block } of log.source.blocks(0)) expect(block.header.number).toBeLessThan(at.height);
      return { log, at };
    };
    const away = (name: 'ledger' | 'watermark') => {
      renameSync(paths()[name], `${paths()[name]}.away`);
      return () => renameSync(`${paths()[name]}.away`, paths()[name]);
    };

    it.each(['ledger', 'watermark'] as const)('lacks its %s for one look only while it is being put back', async (name) => {
      const { log, at } = await read();
      for (let time = 0; time < 2; time += 1) {
        const back = away(name);
        await log.lookAgain(at);
        back();
        await log.lookAgain(at);
      }
      away(name);
      await log.lookAgain(at);
      await expect(log.lookAgain(at)).rejects.toMatchObject({ difference: { check: 'watermark' } });
      log.close();
    });

    it('is not taken for put back while the copy is not whole, nor when one byte of a block before is another', async () => {
      const { log, at } = await read();
      const whole = readFileSync(paths().log);
      rmSync(paths().ledger, { recursive: true });
      cpSync(pathsOf(world().source.folder).ledger, paths().ledger, { recursive: true });
      truncateSync(paths().log, whole.length - 1);
      await log.lookAgain(at);
      const offset = (recordsOf(whole)[1] as { offset: number }).offset + 100;
      const changed = Buffer.from(whole);
      changed[offset] = (changed[offset] as number) ^ 1;
      rmSync(paths().log);
      writeFileSync(paths().log, changed);
      await expect(log.lookAgain(at)).rejects.toMatchObject({
        difference: { check: 'record', block: 1, problem: expect.stringContaining(`byte ${offset}`) },
      });
      log.close();
    });
  });
});
