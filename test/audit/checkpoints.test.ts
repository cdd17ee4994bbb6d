import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Companion } from '../../network/audit/audit-chain.js';
import { checkpointComparison, readCheckpoint } from '../../network/audit/checkpoint.js';
import { CHECKPOINT_FORMAT } from '../../network/audit/checkpoint-format.js';
import { CHANNEL } from '../../network/channel.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { auditWorlds } from '../support/audit-world.js';
import { register, removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('a checkpoint that somebody outside kept', () => {
  const world = auditWorlds();

  const kept = async (change: object = {}) => {
    const { height, blockHash, stateHash } = await world().audit();
    const file = join(temporaryFolder(), 'checkpoint.json');
    writeFileSync(file, JSON.stringify({ format: CHECKPOINT_FORMAT, channel: CHANNEL, height, blockHash, stateHash, ...change }));
    return file;
  };
  const against = (file: string) => ({ companions: [checkpointComparison(readCheckpoint(file), file)] });

  it('is passed by the chain it was taken of, also when that has grown', async () => {
    const file = await kept();
    expect(await world().audit(against(file))).toMatchObject({ height: world().height });
    const opened = await openEmbedded({ folder: world().folder });
    await register(opened);
    await opened.ledger.close();
    expect(await world().audit(against(file))).toMatchObject({ height: world().height + 1 });
  });

  it('finds a folder that was rewritten as a whole by all its keys, which is right in itself', async () => {
    const file = await kept();
    await world().forger.write(world().forger.blocks.slice(0, -1), 'orderers');
    const opened = await openEmbedded({ folder: world().folder });
    await register(opened);
    await opened.ledger.close();
    const { blockHash } = await world().audit();
    expect(await world().difference(against(file))).toMatchObject({
      check: 'checkpoint',
      block: world().height - 1,
      expected: JSON.parse(readFileSync(file, 'utf8')).blockHash,
      found: blockHash,
    });
  });

  it('finds a chain that was cut, its watermark made right', async () => {
    const file = await kept();
    await world().forger.write(world().forger.blocks.slice(0, -1), 'orderers');
    expect(await world().audit()).toMatchObject({ height: world().height - 1 });
    expect(await world().difference(against(file))).toMatchObject({
      check: 'checkpoint',
      expected: `${world().height} blocks`,
      found: `${world().height - 1} blocks`,
    });
  });

  it('finds another state hash over the same blocks', async () => {
    const file = await kept({ stateHash: 'ab'.repeat(32) });
    expect(await world().difference(against(file))).toMatchObject({ check: 'checkpoint', expected: 'ab'.repeat(32) });
  });

  it.each([
    ['format', { format: 'yrd-checkpoint/2' }],
    ['channel', { channel: 'other' }],
    ['height', { height: 0 }],
    ['blockHash', { blockHash: 'no' }],
  ])('is refused with a wrong %s', async (_name, change) => {
    const file = await kept(change);
    expect(() => readCheckpoint(file)).toThrow(expect.objectContaining({ name: 'CannotTell' }));
  });
});

describe('the progress that an audit keeps', () => {
  const world = auditWorlds();
  const progressFile = () => join(world().folder, '..', `${world().folder.split('/').at(-1)}.progress`);

  it('lets the next audit execute only what is new, and check all else', async () => {
    const kept = { progressFile: progressFile() };
    await world().audit(kept);
    expect(existsSync(kept.progressFile)).toBe(true);
    const opened = await openEmbedded({ folder: world().folder });
    await register(opened);
    await opened.ledger.close();
    expect(await world().audit(kept)).toMatchObject({ resumedFrom: world().height, executed: 1, state: 'compared' });
    await world().forger.write(
      world().forger.blocks.map((one, index) => (index === world().block ? { ...one, filter: Uint8Array.of(11) } : one)),
      'none',
    );
    expect(await world().difference(kept)).toMatchObject({ check: 'validation-code', ...world().place });
  });

  it('lets it go on from the block at which the audit before was broken off', async () => {
    const executed: number[] = [];
    const counting: Companion = {
      afterBlock(_block, at) {
        executed[at.height] = at.executed;
      },
    };
    const whole = await world().audit({ companions: [counting] });
    const height = world().block;
    const kept = { progressFile: progressFile(), progressEveryMs: 0 };
    const breaking: Companion = {
      afterBlock(_block, at) {
        if (at.height > height) throw new Error('broken off');
      },
    };
    await expect(world().audit({ ...kept, companions: [breaking] })).rejects.toThrow('broken off');
    const rest = await world().audit(kept);
    expect(rest).toMatchObject({ resumedFrom: height, height: whole.height, blockHash: whole.blockHash });
    expect([rest.executed, executed[height]]).toEqual([whole.executed - (executed[height] as number), expect.any(Number)]);
    expect(rest.executed).toBeGreaterThan(0);
  });

  it('is not noted between two blocks before its time has come', async () => {
    const breaking: Companion = {
      atEnd() {
        throw new Error('broken off');
      },
    };
    const kept = { progressFile: progressFile(), progressEveryMs: 600_000 };
    await expect(world().audit({ ...kept, companions: [breaking] })).rejects.toThrow('broken off');
    expect(existsSync(kept.progressFile)).toBe(false);
  });

  it('is no word for other blocks', async () => {
    const kept = { progressFile: progressFile() };
    await world().audit(kept);
    await world().forger.exchange(
      world().block,
      await world().forger.signed(world().answering({ payload: Buffer.from('{}') })),
      'orderers',
    );
    expect(await world().difference(kept)).toMatchObject({ check: 'checkpoint', block: world().height - 1 });
  });

  it.each([
    ['damaged', '{"format":"yrd-audit-progress/1"'],
    ['made by other contracts', '{"format":"yrd-audit-progress/1","code":"1-0","height":3,"blockHash":"00"}'],
    ['without a height', '{"format":"yrd-audit-progress/1","height":"3"}'],
  ])('is not used when it is %s', async (_name, text) => {
    const said: string[] = [];
    writeFileSync(progressFile(), text);
    const found = await world().audit({ progressFile: progressFile(), warn: (line) => said.push(line) });
    expect(found).toMatchObject({ resumedFrom: 0 });
    expect(found.executed).toBeGreaterThan(0);
    expect(said.join()).toContain('the audit starts from block 0');
  });
});
