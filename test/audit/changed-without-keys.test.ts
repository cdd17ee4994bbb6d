import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import type { Block } from '../../network/format/block.js';
import { auditWorlds } from '../support/audit-world.js';
import { recordsOf } from '../support/damaged-folder.js';
import { removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('an audit of a data folder', () => {
  const world = auditWorlds();

  it('finds nothing in an untouched one, and has executed every transaction, those that lost a race as well', async () => {
    const found = await world().audit();
    const transactions = world().forger.blocks.reduce((sum, { data }) => sum + data.length, 0);
    expect(world().loser.block).toBeGreaterThan(world().block);
    expect(found).toMatchObject({
      height: world().height,
      transactions,
      executed: transactions - 1,
      otherCode: 0,
      resumedFrom: 0,
      state: 'compared',
    });
  });

  it('finds nothing in one that was rewritten and is the same', async () => {
    await world().forger.write(world().forger.blocks, 'orderers');
    expect(await world().audit()).toMatchObject({ height: world().height, state: 'none' });
  });

  describe('that somebody changed without any key', () => {
    it('names the record of a flipped bit', async () => {
      const log = readFileSync(pathsOf(world().folder).log);
      const { offset } = recordsOf(log)[world().block] as { offset: number };
      log[offset + 200] = (log[offset + 200] as number) ^ 4;
      writeFileSync(pathsOf(world().folder).log, log);
      expect(await world().difference()).toMatchObject({
        check: 'record',
        block: world().block,
        problem: expect.stringContaining('checksum'),
      });
    });

    it('names the block of a value changed with all hashes made right', async () => {
      const envelope = world().forger.envelope(world().block);
      const index = envelope.indexOf('certificate-issuer');
      envelope.write('certificate-revoke', index);
      await world().forger.exchange(world().block, envelope, 'none');
      expect(await world().difference()).toMatchObject({ check: 'orderers', block: world().block, found: 'none' });
    });

    it('names the place of a block that was dropped', async () => {
      world().forger.writeAsTheyAre(world().forger.blocks.filter((_, index) => index !== world().block));
      expect(await world().difference()).toMatchObject({
        check: 'link',
        block: world().block,
        expected: `block ${world().block}`,
        found: `block ${world().block + 1}`,
      });
    });

    it('names the place of a block that was dropped and the ones after it renumbered', async () => {
      const rest = world().forger.blocks.filter((_, index) => index !== world().block);
      world().forger.writeAsTheyAre(rest.map((one, number) => ({ ...one, header: { ...one.header, number } })));
      expect(await world().difference()).toMatchObject({
        check: 'link',
        block: world().block,
        problem: `block ${world().block} does not follow the block before`,
      });
    });

    it('names the first of two blocks that changed places', async () => {
      const blocks = [...world().forger.blocks];
      [blocks[world().block], blocks[world().block + 1]] = [blocks[world().block + 1] as Block, blocks[world().block] as Block];
      world().forger.writeAsTheyAre(blocks);
      expect(await world().difference()).toMatchObject({
        check: 'link',
        block: world().block,
        found: `block ${world().block + 1}`,
      });
    });

    it('names a block that was appended twice', async () => {
      world().forger.writeAsTheyAre([...world().forger.blocks, world().forger.blocks.at(-1) as Block]);
      expect(await world().difference()).toMatchObject({
        check: 'link',
        block: world().height,
        found: `block ${world().height - 1}`,
      });
    });

    it('names the end of a log that lost its last block', async () => {
      const log = readFileSync(pathsOf(world().folder).log);
      writeFileSync(pathsOf(world().folder).log, log.subarray(0, recordsOf(log).at(-1)?.offset));
      expect(await world().difference()).toMatchObject({
        check: 'watermark',
        block: world().height - 1,
        found: `${world().height - 1} blocks`,
      });
    });

    it("names the block that an orderer's signature was taken from", async () => {
      const blocks = world().forger.blocks.map((one, index) =>
        index === world().block ? { ...one, signatures: one.signatures.slice(1) } : one,
      );
      world().forger.writeAsTheyAre(blocks);
      expect(await world().difference()).toMatchObject({
        check: 'orderers',
        block: world().block,
        problem: expect.stringMatching(/^block \d+: 2 orderers signed it, not 3$/),
      });
    });

    it('names the block in which one orderer stands three times', async () => {
      const [first] = world().forger.blocks[world().block]?.signatures ?? [];
      const signatures = [first, first, first] as Block['signatures'];
      world().forger.writeAsTheyAre(
        world().forger.blocks.map((one, index) => (index === world().block ? { ...one, signatures } : one)),
      );
      expect(await world().difference()).toMatchObject({
        check: 'orderers',
        block: world().block,
        found: expect.stringMatching(/^\w+MSP$/),
      });
    });

    it.each([
      ['MVCC_READ_CONFLICT', 11],
      ['ENDORSEMENT_POLICY_FAILURE', 10],
      ['DUPLICATE_TXID', 9],
    ])('names a valid transaction that was marked %s', async (found, code) => {
      await world().forger.write(
        world().forger.blocks.map((one, index) => (index === world().block ? { ...one, filter: Uint8Array.of(code) } : one)),
        'none',
      );
      expect(await world().difference()).toMatchObject({ check: 'validation-code', ...world().place, expected: 'VALID', found });
    });

    it('names a transaction that lost a race and was marked valid', async () => {
      const position = world().forger.blocks[world().loser.block]?.filter.indexOf(11);
      await world().forger.write(
        world().forger.blocks.map((one, index) =>
          index === world().loser.block ? { ...one, filter: one.filter.map(() => 0) } : one,
        ),
        'none',
      );
      expect(await world().difference()).toMatchObject({
        check: 'validation-code',
        block: world().loser.block,
        position,
        expected: 'MVCC_READ_CONFLICT',
        found: 'VALID',
      });
    });

    it('names the block of a changed commit hash', async () => {
      world().forger.writeAsTheyAre(
        world().forger.blocks.map((one, index) => (index === world().block ? { ...one, commitHash: Buffer.alloc(32, 7) } : one)),
      );
      expect(await world().difference()).toMatchObject({ check: 'commit-hash', block: world().block, found: '07'.repeat(32) });
    });
  });
});
