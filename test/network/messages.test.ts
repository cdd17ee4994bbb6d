import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../network/embedded/lock.js';
import type { NetworkRecord } from '../../network/operation/network-record.js';
import { startOf } from '../../network/operation/process-record.js';
import { freeBasePort } from '../support/free-ports.js';
import { fakePrograms, network } from '../support/network-command.js';

describe('what the network’s commands say', { timeout: 120_000 }, () => {
  let home: string;
  let folders = 0;
  let environment: Readonly<Record<string, string>>;
  const folder = () => {
    folders += 1;
    return join(home, `network-${folders}`);
  };
  const recordOf = (root: string) => JSON.parse(readFileSync(join(root, 'network.json'), 'utf8')) as NetworkRecord;
  const writeRecord = (root: string, record: object) => {
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'network.json'), JSON.stringify(record));
  };

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'network-messages-'));
    environment = { FABRIC_BIN: fakePrograms(join(home, 'bin')) };
  });
  afterAll(async () => {
    for (let number = 1; number <= folders; number += 1) {
      const root = join(home, `network-${number}`);
      // Only after a failed test is anything left that runs.
      if (existsSync(join(root, 'pids')) && readdirSync(join(root, 'pids')).length > 0)
        await network(['clean', '--folder', root]);
    }
    rmSync(home, { recursive: true, force: true });
  });

  it('a missing program: which, and where to put it; nothing is written', async () => {
    const root = folder();
    const empty = { FABRIC_BIN: join(home, 'none'), PATH: '/nowhere', HOME: home };
    const { code, complaint } = await network(['up', '--folder', root], empty);
    expect(code).toBe(1);
    expect(complaint).toContain('peer, orderer, configtxgen, osnadmin not found');
    expect(complaint).toContain('FABRIC_BIN');
    expect(existsSync(root)).toBe(false);
  });

  it('a busy port: which, and whose; nothing was started', async () => {
    const root = folder();
    const basePort = await freeBasePort();
    const server = createServer();
    await new Promise<void>((listening) => server.listen(basePort + 23, '127.0.0.1', () => listening()));
    try {
      const { code, complaint } = await network(['up', '--folder', root, '--ports', String(basePort)], environment);
      expect([code, complaint]).toEqual([
        1,
        `another program has port ${basePort + 23} (jiangsu-peer): stop it (ss -ltnp names it), or make a network on other ports with --ports and another --folder\n`,
      ]);
      expect(existsSync(join(root, 'pids'))).toBe(false);
    } finally {
      await new Promise((closed) => server.close(closed));
    }
  });

  it('an address that this host does not have: which, whose, and where to give the command; nothing was started', async () => {
    // RFC 5737: addresses that no host has. Nothing is sent there; the first of them is only bound to.
    const out = folder();
    const hosts = '192.0.2.1,192.0.2.2,192.0.2.3,192.0.2.4';
    const written = await network(
      ['folders', '--hosts', hosts, '--out', out, '--ports', String(await freeBasePort())],
      environment,
    );
    expect(written.complaint).toBe('');
    const root = join(out, 'anhui');
    const { code, complaint } = await network(['up', '--folder', root], environment);
    expect([code, complaint]).toEqual([
      1,
      "this host has no address 192.0.2.4 (anhui-orderer, anhui-peer): give the command on the host that has it, or write folders for the hosts' real addresses (npm run network -- folders)\n",
    ]);
    expect(existsSync(join(root, 'pids'))).toBe(false);
  });

  it('why a rehearsal’s network cannot be made; nothing of it is left', async () => {
    const TMPDIR = folder();
    mkdirSync(TMPDIR);
    const wrong = await network(['rehearse', 'identities', '--ports', '80'], { ...environment, TMPDIR });
    expect([wrong.code, wrong.complaint]).toEqual([1, 'the first port is to be a number from 1024 to 65000, not 80\n']);
    const ends = await network(['rehearse', 'identities', '--ports', String(await freeBasePort())], { ...environment, TMPDIR });
    expect([ends.code, ends.complaint]).toEqual([1, expect.stringContaining('ended as soon as it started. Its log')]);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('a making that was broken off in its first file: up begins anew, clean removes it', async () => {
    const begun = () => {
      const root = folder();
      mkdirSync(root);
      for (const name of ['lock', 'network.json.partial']) writeFileSync(join(root, name), '');
      return root;
    };
    const [first, second] = [begun(), begun()] as const;
    const { complaint } = await network(['up', '--folder', first, '--ports', String(await freeBasePort())], environment);
    expect(complaint).toContain('ended as soon as it started');
    expect([recordOf(first).complete, existsSync(join(first, 'network.json.partial'))]).toEqual([true, false]);
    expect(await network(['clean', '--folder', second])).toMatchObject({ code: 0, output: `removed ${second}\n` });
    expect(existsSync(second)).toBe(false);
    const mine = begun();
    writeFileSync(join(mine, 'letter.txt'), 'mine');
    expect((await network(['clean', '--folder', mine])).complaint).toBe(`${mine} is no network's folder: nothing is removed\n`);
    rmSync(mine, { recursive: true });
  });

  it('a process that ends at its start: its name and the end of its log', async () => {
    const root = folder();
    const { code, complaint } = await network(['up', '--folder', root, '--ports', String(await freeBasePort())], environment);
    expect(code).toBe(1);
    expect(complaint).toMatch(/\w+-(orderer|peer) ended as soon as it started\. Its log/);
    await network(['clean', '--folder', root]);
    expect(existsSync(root)).toBe(false);
  });

  it('a folder that is something else: refused by up and by clean, and left as it is', async () => {
    const root = folder();
    mkdirSync(root);
    writeFileSync(join(root, 'letter.txt'), 'mine');
    const tried = await network(['up', '--folder', root], environment);
    expect([tried.code, tried.complaint]).toEqual([
      1,
      `${root} is not empty and no network's folder: name another with --folder\n`,
    ]);
    const cleaned = await network(['clean', '--folder', root]);
    expect([cleaned.code, cleaned.complaint]).toEqual([1, `${root} is no network's folder: nothing is removed\n`]);
    expect(readdirSync(root)).toEqual(['letter.txt']);
  });

  it('a folder made by half, of another format, of other members, or damaged', async () => {
    const made = folder();
    await network(['up', '--folder', made, '--ports', String(await freeBasePort())], environment);
    await network(['down', '--folder', made]);
    const record = recordOf(made);
    const cases: readonly [object | string, string][] = [
      [{ ...record, complete: false }, 'was not made to the end: remove it with npm run network -- clean'],
      [{ ...record, format: 'yrd-network/9' }, 'is a network of format yrd-network/9, this build knows yrd-network/1'],
      [{ ...record, members: ['FujianMSP 127.0.0.1:1 127.0.0.1:2'] }, 'is a network of other members than this build'],
    ];
    for (const [changed, expected] of cases) {
      const root = folder();
      writeRecord(root, changed as object);
      const { code, complaint } = await network(['up', '--folder', root], environment);
      expect(code).toBe(1);
      expect(complaint).toContain(expected);
    }
    writeFileSync(join(made, 'network.json'), '{');
    const damaged = await network(['up', '--folder', made], environment);
    expect(damaged.complaint).toContain('network.json is damaged: restore it from a backup');
  });

  it('other ports than the network has; chaincode of another build', async () => {
    const root = folder();
    const basePort = await freeBasePort();
    await network(['up', '--folder', root, '--ports', String(basePort)], environment);
    await network(['down', '--folder', root]);
    const ports = await network(['up', '--folder', root, '--ports', '21999'], environment);
    expect([ports.code, ports.complaint]).toEqual([
      1,
      `the network in ${root} is on the ports from ${basePort}, not 21999: leave --ports away, or take another --folder\n`,
    ]);
    const service = join(root, 'provinces/zhejiang/chaincode/service.json');
    writeFileSync(service, readFileSync(service, 'utf8').replace(/trust_1-/, 'trust_0-'));
    const code = await network(['up', '--folder', root], environment);
    expect(code.code).toBe(1);
    expect(code.complaint).toContain(`${service} is of chaincode trust_0-`);
  });

  it('another command at work in the folder', async () => {
    const root = folder();
    const lock = lockFolder(root);
    const { code, complaint } = await network(['up', '--folder', root], environment);
    lock.release();
    expect([code, complaint]).toEqual([1, `another command is at work in ${root}: wait until it has ended\n`]);
  });

  it('no network there', async () => {
    const root = folder();
    expect(await network(['status', '--folder', root], environment)).toMatchObject({
      code: 1,
      complaint: `there is no network in ${root}: npm run network -- up makes one\n`,
    });
    expect(await network(['down', '--folder', root])).toMatchObject({ code: 0, output: 'nothing runs there\n' });
    expect(await network(['clean', '--folder', root])).toMatchObject({ code: 0, output: `there is no ${root}\n` });
  });

  it('down signals no process that was started at another moment than the one it knows', async () => {
    const root = folder();
    await network(['up', '--folder', root, '--ports', String(await freeBasePort())], environment);
    const [stranger, own] = [1, 2].map(() => spawn('sleep', ['60'])) as [ChildProcess, ChildProcess];
    const record = (name: string, pid: number, started: string | undefined) =>
      writeFileSync(join(root, 'pids', `${name}.json`), JSON.stringify({ pid, started }));
    try {
      record('anhui-peer', stranger.pid as number, 'another-boot:1');
      record('anhui-orderer', own.pid as number, startOf(own.pid as number));
      const gone = new Promise((settle) => own.once('exit', settle));
      const { output } = await network(['down', '--folder', root]);
      expect(output).toContain('anhui-orderer');
      expect(output).not.toContain('anhui-peer');
      await gone;
      expect(startOf(stranger.pid as number)).toBeDefined();
      expect(existsSync(join(root, 'pids/anhui-peer.json'))).toBe(false);
    } finally {
      stranger.kill('SIGKILL');
      own.kill('SIGKILL');
    }
  });
});
