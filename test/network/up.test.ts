import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { readProfile } from '../../network/fabric/profile.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { startOf } from '../../network/operation/process-record.js';
import { Stage } from '../../network/operation/rehearsal/stage.js';
import type { NetworkStatus, ProvinceStatus } from '../../network/operation/status.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, network } from '../support/network-command.js';

const missing = fabricMissing();

describe('a network of four provinces, from an empty folder to none', () => {
  let root: string;
  let parent: string;
  const folder = () => ['--folder', root];

  async function status(): Promise<NetworkStatus> {
    return JSON.parse((await network(['status', '--json', ...folder()])).output);
  }
  const pidsOf = (provinces: readonly ProvinceStatus[]) => provinces.flatMap(({ processes }) => Object.values(processes));

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'network-up-'));
  });
  afterEach(async () => {
    await network(['clean', ...folder()]);
  });
  afterAll(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it('up → status → kill → up → down → up → clean', { timeout: 600_000 }, async (context) => {
    if (missing) context.skip(missing);
    root = join(parent, 'network');
    const made = await network(['up', ...folder(), '--ports', String(await freeBasePort())]);
    expect(made.complaint).toBe('');
    const steps = made.output.trim().split('\n');
    expect(steps.every((line) => /^\[ *\d+\.\d s\] \S/.test(line))).toBe(true);
    expect(steps.map((line) => line.replace(/^\[.*?\] /, ''))).toEqual([
      'identities of four provinces, each under authorities of its own',
      'settings of eight nodes, and block 0',
      expect.stringMatching(/^started shanghai-orderer, (\S+, ){10}anhui-chaincode$/),
      'orderers and peers are in the channel',
      ...steps.filter((line) => line.includes('waiting for')).map((line) => line.replace(/^\[.*?\] /, '')),
      'the chaincode is approved by four provinces and committed',
      'the registrars are entered, the nodes have the same height',
      `the network in ${root} is made and ready`,
    ]);
    const seconds = steps.map((line) => Number(/[\d.]+/.exec(line)?.[0]));
    expect(seconds).toEqual([...seconds].sort((one, other) => one - other));

    const first = await status();
    expect(first.healthy).toBe(true);
    expect(first.leader).toBe('shanghai');
    expect(first.provinces.map(({ codeDigest }) => codeDigest)).toEqual(Array(4).fill(CODE_DIGEST));
    expect(new Set(first.provinces.map(({ peerHeight }) => peerHeight)).size).toBe(1);
    expect(first.provinces.map(({ ordererHeight }) => ordererHeight)).toEqual(
      first.provinces.map(({ peerHeight }) => peerHeight),
    );
    expect(first.provinces.every(({ certificateDays }) => certificateDays >= 363)).toBe(true);

    for (const name of ['development', 'anhui']) {
      const profile = readProfile(join(root, 'profiles', `${name}.json`));
      expect(profile.authorities.size).toBe(name === 'anhui' ? 1 : 4);
    }

    const again = await network(['up', ...folder()]);
    expect([again.code, again.output.includes('runs already: nothing was to be done')]).toEqual([0, true]);

    const victims = [
      first.provinces[1]?.processes.orderer,
      first.provinces[2]?.processes.chaincode,
      first.provinces[3]?.processes.peer,
    ];
    process.kill(victims[0] as number, 'SIGKILL');
    const stage = new Stage(openNetwork(root), () => undefined);
    for (let blocks = 0; blocks < 3; blocks += 1) await stage.agency(stage.members[0], ['data-user']);
    for (const pid of victims.slice(1)) process.kill(pid as number, 'SIGKILL');
    const broken = await network(['status', '--json', ...folder()]);
    expect(broken.code).toBe(1);
    const down = JSON.parse(broken.output) as NetworkStatus;
    expect(down.provinces.map(({ processes }) => Object.values(processes).filter((pid) => pid === null).length)).toEqual([
      0, 1, 1, 1,
    ]);
    expect(down.provinces[2]?.codeDigest).toBe(null);

    const repaired = await network(['up', ...folder()]);
    expect(repaired.complaint).toBe('');
    expect(repaired.output).toContain('started jiangsu-orderer, anhui-peer, zhejiang-chaincode');
    expect(repaired.output).toContain('is ready again');
    const second = await status();
    expect(second.healthy).toBe(true);
    const height = (first.provinces[0]?.peerHeight as number) + 3;
    // The orderer has the blocks that were made while it was away, though no other came that would have told it so.
    expect(second.provinces.map(({ ordererHeight, peerHeight }) => [ordererHeight, peerHeight])).toEqual(
      Array(4).fill([height, height]),
    );
    const untouched = pidsOf(first.provinces).filter((pid) => !victims.includes(pid));
    expect(pidsOf(second.provinces)).toEqual(expect.arrayContaining(untouched));

    const stopped = await network(['down', ...folder()]);
    expect(stopped.output.match(/-(orderer|peer|chaincode)/g)).toHaveLength(12);
    expect(pidsOf(second.provinces).filter((pid) => startOf(pid as number) !== undefined)).toEqual([]);

    const cold = await network(['up', ...folder()]);
    expect(cold.complaint).toBe('');
    const third = await status();
    expect([third.healthy, third.provinces.map(({ peerHeight }) => peerHeight)]).toEqual([true, Array(4).fill(height)]);
    const logs = readFileSync(join(root, 'logs/shanghai-peer.log'), 'utf8');
    expect(logs).toContain('Committed block');

    const cleaned = await network(['clean', ...folder()]);
    expect([cleaned.code, existsSync(root)]).toEqual([0, false]);
    expect(pidsOf(third.provinces).filter((pid) => startOf(pid as number) !== undefined)).toEqual([]);
  });

  it('goes on where it was killed, and says so', { timeout: 600_000 }, async (context) => {
    if (missing) context.skip(missing);
    root = join(parent, 'killed');
    const words = [resolve('dist/scripts/network.js'), 'up', ...folder(), '--ports', String(await freeBasePort())];
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'exit');
    child.stdout.on('data', (text: Buffer) => text.includes('block 0') && child.kill('SIGKILL'));
    expect(await ended).toEqual([null, 'SIGKILL']);
    const closing = async () => {
      const { output, complaint } = await network(['up', ...folder()]);
      return [
        complaint,
        output
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/^\[.*?\] /, ''),
      ];
    };
    expect(await closing()).toEqual(['', `the network in ${root} is ready: what an earlier command left undone is done`]);
    expect(await closing()).toEqual(['', `the network in ${root} runs already: nothing was to be done`]);
    expect((await status()).healthy).toBe(true);
  });
});
