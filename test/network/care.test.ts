import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Member } from '../../network/definition/definition.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { ordererHeight } from '../../network/operation/orderer-height.js';
import { whatIsMissing } from '../../network/operation/others-stand.js';
import { startOf } from '../../network/operation/process-record.js';
import { locate } from '../../network/operation/programs.js';
import { startNode, stopNode } from '../../network/operation/restart-nodes.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, network } from '../support/network-command.js';

const missing = fabricMissing() ?? (locate('configtxlator') ? undefined : "Fabric's configtxlator is not here");
const NAMES = ['shanghai-orderer', 'jiangsu-orderer', 'anhui-orderer'];

describe('an orderer may be missed', () => {
  const found = (...heights: (number | undefined)[]) =>
    whatIsMissing(heights.map((height, index) => ({ name: NAMES[index] as string, height })));

  it('when the three others are at one height, but for a block of which they are told with the next', () => {
    expect(found(7, 7, 7)).toBe(undefined);
    expect(found(7, 8, 8)).toBe(undefined);
  });

  it('not when one does not answer, or is further behind', () => {
    expect(found(7, undefined, 7)).toBe('jiangsu-orderer does not answer');
    expect(found(undefined, 7, undefined)).toBe('shanghai-orderer, anhui-orderer do not answer');
    expect(found(7, 9, 9)).toBe('the others are not at one height (shanghai-orderer 7, jiangsu-orderer 9, anhui-orderer 9)');
  });
});

describe('commands that look after nodes, on a network', { timeout: 300_000 }, () => {
  let root: string;
  let parent: string;
  const record = () => join(root, 'pids/zhejiang-orderer.json');
  const members = () => openNetwork(root).definition.members as readonly [Member, Member, Member, Member];
  /** Zhejiang's process, its ledger's height, and that its data are where they were. */
  async function zhejiang(): Promise<unknown[]> {
    const { pid } = JSON.parse(readFileSync(record(), 'utf8')) as { pid: number };
    const data = ['ledger', 'consensus'].map((part) => readdirSync(join(root, 'provinces/zhejiang/orderer', part)).sort());
    return [pid, startOf(pid) !== undefined, await ordererHeight(root, members()[2]), data];
  }
  const replace = () => network(['replace-orderer', 'zhejiang', '--folder', root]);

  beforeAll(async () => {
    if (missing) return;
    parent = mkdtempSync(join(tmpdir(), 'network-care-'));
    root = join(parent, 'network');
    const made = await network(['up', '--folder', root, '--ports', String(await freeBasePort())]);
    expect(made.complaint).toBe('');
  }, 300_000);
  afterAll(async () => {
    if (missing) return;
    await network(['clean', '--folder', root]);
    rmSync(parent, { recursive: true, force: true });
  }, 300_000);

  it('replace-orderer stops nothing while another orderer is away, and says which', async (test) => {
    if (missing) return test.skip(missing);
    const before = await zhejiang();
    await stopNode(openNetwork(root), members()[1], 'orderer');
    const { code, complaint } = await replace();
    expect([code, complaint]).toEqual([
      1,
      'zhejiang-orderer was not stopped: jiangsu-orderer does not answer, and with two orderers away the channel stands still. Bring the others up first (npm run network -- status on their hosts, then up, or systemctl restart delta-orderer), and give this command again when they are at one height\n',
    ]);
    expect(await zhejiang()).toEqual(before);
    await startNode(openNetwork(root), members()[1], 'orderer');
  });

  it('replace-orderer touches no orderer that was not started from here', async (test) => {
    if (missing) return test.skip(missing);
    const before = await zhejiang();
    const kept = readFileSync(record());
    rmSync(record());
    const { code, complaint } = await replace();
    expect(existsSync(record())).toBe(false);
    writeFileSync(record(), kept);
    expect([code, complaint]).toEqual([1, expect.stringContaining('systemctl stop delta-orderer')]);
    expect(await zhejiang()).toEqual(before);
  });

  it('snapshot prints what rebuild-peer then begins from, and nothing else', async (test) => {
    if (missing) return test.skip(missing);
    const { code, output } = await network(['snapshot', 'shanghai', '--folder', root]);
    const [folder = '', block, hash = '', ...rest] = output.trim().split('\n');
    const completed = join(root, 'provinces/shanghai/peer/snapshots/completed/delta');
    expect([code, folder, rest]).toEqual([0, join(completed, block?.replace('last block ', '') ?? ''), []]);
    expect(hash).toMatch(/^hash [0-9a-f]{64}$/);
    expect((await network(['snapshot', 'shanghai', '--folder', root])).output).toBe(output);

    const rebuild = (wanted: string) =>
      network(['rebuild-peer', 'anhui', '--snapshot', folder, '--hash', wanted, '--folder', root]);
    const ledger = join(root, 'provinces/anhui/peer/ledger');
    const before = readdirSync(ledger);
    const other = await rebuild('f'.repeat(64));
    expect([other.code, other.complaint]).toEqual([1, expect.stringContaining('nothing was removed')]);
    expect(readdirSync(ledger)).toEqual(before);
    expect(await rebuild(hash.replace('hash ', ''))).toMatchObject({ code: 0, complaint: '' });
    expect(existsSync(join(root, 'provinces/anhui/peer/from-snapshot'))).toBe(false);
  });
});
