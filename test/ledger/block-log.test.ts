import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BlockLog } from '../../network/embedded/block-log.js';
import { FILE_HEADER_LENGTH, fileHeader, MAX_BLOCK_LENGTH } from '../../network/embedded/frame.js';
import { EnvelopeRefused } from '../../network/embedded/validation.js';
import { writeWhole } from '../../network/identity/files.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';
import { NodeWorld } from '../support/node-world.js';

afterAll(removeTemporaryFolders);

describe('the block log', () => {
  it('writes no record that it would take for damage afterwards', async () => {
    const path = join(temporaryFolder(), 'blocks.log');
    writeWhole(path, fileHeader(), 0o600);
    const log = await BlockLog.open(path, FILE_HEADER_LENGTH);
    await expect(log.append(0, Buffer.alloc(MAX_BLOCK_LENGTH + 1))).rejects.toThrow(/block 0 has 67108865 bytes/);
    expect(readFileSync(path)).toEqual(fileHeader());
    const block = Buffer.from('a block');
    await log.append(0, block);
    expect((await log.read(0, FILE_HEADER_LENGTH)).bytes).toEqual(block);
    await log.close();
  });

  it('gets no envelope larger than a block: it is refused, and the ledger goes on', async () => {
    const world = await NodeWorld.open();
    const { height } = world.node.committer.head;
    await expect(world.node.committer.broadcast(Buffer.alloc(8 * 1024 * 1024 + 1))).rejects.toThrow(EnvelopeRefused);
    expect([world.node.committer.head.height, world.node.readiness.reason]).toEqual([height, undefined]);
    const envelope = await world.envelope(await world.execute(await world.registration()));
    expect(await world.node.committer.broadcast(envelope)).toEqual({ block: height, position: 0, code: 0 });
    await world.node.close();
  });
});
