import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Block } from '../../network/format/block.js';
import type { FabricChain } from '../support/fabric-chain.js';
import { type Shown, ShownPeers } from '../support/fabric-double/shown-peers.js';
import { FollowingProcess } from '../support/following-process.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';
import { auditedChain } from '../support/network-world.js';

afterAll(removeTemporaryFolders);

describe('npm run audit -- --fabric … --follow', { timeout: 300_000 }, () => {
  let chain: FabricChain;
  let network: ShownPeers;
  let running: FollowingProcess | undefined;
  beforeAll(async () => {
    ({ chain } = await auditedChain());
  }, 60_000);
  beforeEach(async () => {
    network = await ShownPeers.start(chain, temporaryFolder());
  });
  afterEach(() => {
    running?.kill();
    network.stop();
  });
  const follow = async (...args: readonly string[]) => {
    running = await FollowingProcess.start('--fabric', network.profile, ...args);
    return running;
  };
  const shown = (index: number) => network.peers[index]?.shown as Shown;
  /** Until it has come to the end of the chain and looked again. */
  const looksAgain = () => vi.waitFor(() => expect(network.peers[0]?.heights).toBeGreaterThan(3), { timeout: 120_000 });

  it('ends with 0 and no alarm when it is told to and four provinces show one history', async () => {
    const process = await follow('--expiry', '1');
    await looksAgain();
    process.stop();
    const { code, report, alarms } = await process.end();
    expect([code, alarms]).toEqual([0, []]);
    expect(report).toMatchObject({ source: network.profile, verdict: 'holds', height: chain.blocks.length });
  });

  it('posts that a province shows another history, and ends with 1', async () => {
    const process = await follow('--expiry', '1');
    await looksAgain();
    const own = shown(1).blocks as readonly Block[];
    const other = chain.copy();
    other.blocks = other.blocks.slice(0, -1);
    await other.add([await other.register()]);
    expect(other.blocks).toHaveLength(own.length);
    shown(1).blocks = other.blocks;
    const { code, report, alarms } = await process.end();
    const difference = expect.objectContaining({ check: 'split-view', block: own.length - 1 });
    const problem = expect.stringMatching(/; JiangsuMSP: [0-9a-f]{64}/);
    expect([code, alarms]).toEqual([1, [expect.objectContaining({ alarm: 'split-view', problem, difference })]]);
    expect(report).toMatchObject({ verdict: 'differs', difference });
  });

  it('posts that a province is behind, one is away, one runs other contracts, and ends with 1 when it is told to', async () => {
    shown(1).blocks = chain.blocks.slice(0, -1);
    shown(2).code = 'cd'.repeat(32);
    shown(3).blocks = undefined;
    const process = await follow('--expiry', '1');
    await process.posts(3);
    process.stop();
    const { code, alarms } = await process.end();
    expect(code).toBe(1);
    expect(alarms.map(({ alarm, problem }) => `${alarm}: ${problem}`).sort()).toEqual([
      expect.stringContaining('gap: the peer of AnhuiMSP cannot be asked'),
      expect.stringContaining('gap: the peer of JiangsuMSP has blocks up to'),
      expect.stringContaining('other-chaincode: the peer of ZhejiangMSP runs contracts cdcd'),
    ]);
  });

  it('posts that it cannot tell, and ends with 2, when no province gives an answer', async () => {
    for (const index of [0, 1, 2, 3]) shown(index).blocks = undefined;
    const { code, alarms } = await (await follow()).end();
    expect([code, alarms]).toEqual([
      2,
      [expect.objectContaining({ alarm: 'cannot-tell', problem: expect.stringContaining('is the network up?') })],
    ]);
  });
});

describe('npm run audit -- --fabric … --progress', { timeout: 300_000 }, () => {
  it('goes on from where the run before came to', async () => {
    const { chain } = await auditedChain();
    const network = await ShownPeers.start(chain, temporaryFolder());
    const progress = join(temporaryFolder(), 'progress');
    const audited = async () => {
      const args = ['dist/scripts/audit.js', '--json', '--fabric', network.profile, '--progress', progress];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(import.meta.dirname, '../..') });
      return JSON.parse(stdout);
    };
    try {
      const height = chain.blocks.length;
      expect(await audited()).toMatchObject({ verdict: 'holds', height, resumedFrom: 0 });
      await chain.add([await chain.register()]);
      for (const { shown } of network.peers) shown.blocks = chain.blocks;
      expect(await audited()).toMatchObject({ verdict: 'holds', height: height + 1, resumedFrom: height, executed: 1 });
    } finally {
      network.stop();
    }
  });
});
