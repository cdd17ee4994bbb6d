import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Member } from '../../network/definition/definition.js';
import type { Network } from '../../network/operation/commands.js';
import { stopProcess } from '../../network/operation/down.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { ordererProcess } from '../../network/operation/orderer-process.js';
import { forget, isRunning, type ProcessRecord, remember, running } from '../../network/operation/process-record.js';
import { Stage } from '../../network/operation/rehearsal/stage.js';
import { startNode, stopNode } from '../../network/operation/restart-nodes.js';
import { sightOf, watchOrderers } from '../../network/operation/watch-orderers.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, network as run } from '../support/network-command.js';

const missing = fabricMissing();
const PATIENCE = 300_000;
/** longer than two orderers need to find one again that was started again */
const AFTER = 20;
const SOON_MS = 5000;

describe('the watch over orderers, on a network', { timeout: PATIENCE }, () => {
  let parent: string;
  let root: string;
  let network: Network;
  let stop = async () => {};
  const members = () => network.definition.members as unknown as readonly [Member, Member, Member, Member];
  const processOf = (member: Member) => ordererProcess(root, member, network.programs.orderer) as ProcessRecord;
  const name = (member: Member) => `${member.province.slug}-orderer`;
  const eventually = <T>(holds: () => T) => vi.waitFor(holds, { timeout: PATIENCE, interval: 200 });

  /** What it says, line by line, without the time. */
  async function watch(): Promise<string[]> {
    const words = [resolve('dist/scripts/network.js'), 'watch', '--folder', root, '--after', String(AFTER)];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line.replace(/^\S+ /, '')));
    const ended = once(child, 'exit');
    stop = async () => {
      stop = async () => {};
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    };
    await eventually(() => expect(lines).toHaveLength(1));
    return lines;
  }

  /** The same within this process, with less patience than the command takes. */
  function watchSoon(): string[] {
    const lines: string[] = [];
    const end = new AbortController();
    const ended = watchOrderers(network, { patience: SOON_MS, tell: (line) => lines.push(line), signal: end.signal });
    stop = async () => {
      stop = async () => {};
      end.abort();
      await ended;
    };
    return lines;
  }

  beforeAll(async () => {
    if (missing) return;
    parent = mkdtempSync(join(tmpdir(), 'network-watch-'));
    root = join(parent, 'network');
    const made = await run(['up', '--folder', root, '--ports', String(await freeBasePort())]);
    expect(made.complaint).toBe('');
    network = openNetwork(root);
  }, PATIENCE);
  afterEach(() => stop());
  afterAll(async () => {
    if (missing) return;
    await run(['clean', '--folder', root]);
    rmSync(parent, { recursive: true, force: true });
  }, PATIENCE);

  it('starts a frozen orderer again, so that writes go on though another is away, and leaves that one', async (test) => {
    if (missing) return test.skip(missing);
    const [shanghai, jiangsu, zhejiang, anhui] = members();
    await stopNode(network, anhui, 'orderer');
    try {
      const [frozen, others] = [processOf(jiangsu), [shanghai, zhejiang].map(processOf)];
      process.kill(frozen.pid, 'SIGSTOP');
      const stage = new Stage(network, () => undefined);
      const writing = stage.agency(shanghai, ['data-user']);
      await eventually(async () => expect((await sightOf(network, shanghai))?.waiting).toBeGreaterThan(0));
      const lines = await watch();
      expect(await writing).toMatchObject({ roles: ['data-user'] });
      expect(lines).toEqual([
        'watches shanghai-orderer, jiangsu-orderer, zhejiang-orderer, anhui-orderer',
        expect.stringMatching(/^jiangsu-orderer answers nothing, for \d+ s: started again$/),
      ]);
      expect(isRunning(frozen)).toBe(false);
      expect(running(join(root, 'pids'), name(jiangsu))).toEqual(processOf(jiangsu));
      expect(others.every(isRunning)).toBe(true);
      expect(processOf(anhui)).toBe(undefined);
    } finally {
      await startNode(network, anhui, 'orderer');
    }
  });

  it('restarts none while requests wait because two are away', async (test) => {
    if (missing) return test.skip(missing);
    const [shanghai, jiangsu, zhejiang, anhui] = members();
    const away = [zhejiang, anhui];
    for (const member of away) await stopNode(network, member, 'orderer');
    const others = [shanghai, jiangsu].map(processOf);
    const stage = new Stage(network, () => undefined);
    let writing: Promise<unknown> | undefined;
    try {
      // It may have waited too long for an answer by when there are enough again: that is not asked here.
      writing = stage.agency(shanghai, ['data-user']).catch(() => undefined);
      await eventually(async () => expect((await sightOf(network, shanghai))?.waiting).toBeGreaterThan(0));
      const lines = watchSoon();
      // Each would have had its turn twice.
      await new Promise((settle) => setTimeout(settle, 3 * SOON_MS));
      expect(others.every(isRunning)).toBe(true);
      expect(lines).toEqual([]);
      await stop();
    } finally {
      for (const member of away) await startNode(network, member, 'orderer');
    }
    await writing;
    expect(await stage.agency(shanghai, ['data-user'])).toMatchObject({ roles: ['data-user'] });
  });

  it('ends one that systemd started, and leaves its start to systemd', async (test) => {
    if (missing) return test.skip(missing);
    const [, jiangsu] = members();
    const pids = join(root, 'pids');
    const frozen = processOf(jiangsu);
    forget(pids, name(jiangsu));
    process.kill(frozen.pid, 'SIGSTOP');
    try {
      const lines = watchSoon();
      await eventually(() => expect(isRunning(frozen)).toBe(false));
      await startNode(network, jiangsu, 'orderer');
      await eventually(() => expect(lines).toHaveLength(1));
      expect(lines[0]).toMatch(/^jiangsu-orderer answers nothing, for \d+ s: started again$/);
    } finally {
      if (isRunning(frozen)) {
        remember(pids, name(jiangsu), frozen.pid);
        await stopProcess(frozen);
      }
    }
  });

  it('is told how long to wait in whole seconds', async () => {
    const { code, complaint } = await run(['watch', '--folder', join(tmpdir(), 'none'), '--after', '19']);
    expect([code, complaint]).toEqual([1, expect.stringContaining('give whole seconds, 20 at least.')]);
  });
});
