import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Block } from '../../network/format/block.js';
import type { FabricChain } from '../support/fabric-chain.js';
import { WAIT } from '../support/followed.js';
import { followedNetwork } from '../support/followed-network.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';
import { auditedChain } from '../support/network-world.js';

afterAll(removeTemporaryFolders);

describe('what a follower of a network remembers from one run to the next', () => {
  let chain: FabricChain;
  let progressFile: string;
  let height: number;
  /** what each province's peer shows; what is undefined is away */
  let shown: (index: number) => readonly Block[] | undefined;
  beforeAll(async () => {
    ({ chain } = await auditedChain());
    height = chain.blocks.length;
  }, 60_000);
  const follow = () => followedNetwork(chain, (index) => shown(index), { progressFile });
  const noted = () => JSON.parse(readFileSync(progressFile, 'utf8')) as { height: number };

  beforeEach(async () => {
    progressFile = join(temporaryFolder(), 'progress');
    shown = () => chain.blocks;
    const { alarms, stop, done } = follow();
    await expect.poll(() => existsSync(progressFile), WAIT).toBe(true);
    stop.abort();
    expect(await done).toMatchObject({ height, resumedFrom: 0 });
    expect(alarms).toEqual([]);
  });
  const cut = () => chain.blocks.slice(0, -1);
  const differs = async (difference: object) => {
    const { alarms, done } = follow();
    await expect(done).rejects.toMatchObject({ name: 'Differs', difference });
    expect(alarms.filter(({ alarm }) => alarm !== 'gap')).toMatchObject([{ alarm: 'differs', difference }]);
    expect(noted()).toMatchObject({ height });
  };

  it('lets it go on over the same chain, and execute only what is new', async () => {
    const grown = chain.copy();
    await grown.add([await grown.register()]);
    const { alarms, stop, done, reaches } = follow();
    await reaches(height);
    shown = () => grown.blocks;
    await expect.poll(() => noted().height, WAIT).toBe(height + 1);
    stop.abort();
    expect(await done).toMatchObject({ height: height + 1, resumedFrom: height, executed: 1 });
    expect(alarms).toEqual([]);
  });

  it('makes it alarm over a chain that all provinces cut back', async () => {
    const blocks = cut();
    shown = () => blocks;
    await differs({ check: 'checkpoint', block: height - 1, expected: `${height} blocks`, found: `${height - 1} blocks` });
  });

  it('makes it alarm over one that was cut back also when it is stopped before it looks twice', async () => {
    const blocks = cut();
    shown = () => blocks;
    const { alarms, stop, done, reaches } = followedNetwork(chain, () => blocks, { progressFile, intervalMs: 600_000 });
    await reaches(height - 1);
    stop.abort();
    await expect(done).rejects.toMatchObject({ difference: { check: 'checkpoint' } });
    expect(alarms).toMatchObject([{ alarm: 'differs' }]);
  });

  it('is no difference while home’s peer is behind and another province has it all', async () => {
    const blocks = cut();
    shown = (index) => (index === 0 ? blocks : chain.blocks);
    const { alarms, stop, done, reaches, raised } = follow();
    await reaches(height - 1);
    await raised('gap');
    expect(noted()).toMatchObject({ height });
    shown = () => chain.blocks;
    await reaches(height);
    stop.abort();
    expect(await done).toMatchObject({ height });
    expect(alarms).toMatchObject([{ alarm: 'gap', problem: expect.stringContaining('ShanghaiMSP') }]);
  });

  it('makes it alarm over another chain that is right in itself, as long or longer', async () => {
    const other = chain.copy();
    other.blocks = other.blocks.slice(0, -1);
    await other.add([await other.register()]);
    shown = () => other.blocks;
    await differs({ check: 'checkpoint', block: height - 1 });
    await other.add([await other.register()]);
    await differs({ check: 'checkpoint', block: height - 1 });
  });
});
