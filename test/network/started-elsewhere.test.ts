import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOf } from '../../network/operation/process-record.js';
import { freeBasePort } from '../support/free-ports.js';
import { fakePrograms, network } from '../support/network-command.js';

/** Four hosts on one machine: the system has all of 127.0.0.0/8. */
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
/** from the network's first: Anhui's three nodes */
const OFFSET = { orderer: 60, peer: 63, chaincode: 66 } as const;
type Role = keyof typeof OFFSET;

describe('a node that another started, as systemd does', { timeout: 120_000 }, () => {
  let home: string;
  let root: string;
  let basePort: number;
  let environment: Readonly<Record<string, string>>;
  const servers: Server[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'started-elsewhere-'));
    environment = { FABRIC_BIN: fakePrograms(join(home, 'bin')) };
    basePort = await freeBasePort();
    const out = join(home, 'folders');
    const words = ['folders', '--hosts', HOSTS.join(), '--out', out, '--ports', String(basePort)];
    expect((await network(words, environment)).complaint).toBe('');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));
  beforeEach(() => {
    root = join(home, 'network');
    cpSync(join(home, 'folders/anhui'), root, { recursive: true });
    for (const part of ['peer/ledger', 'peer/snapshots', 'orderer/ledger', 'orderer/consensus']) {
      mkdirSync(join(root, 'provinces/anhui', part), { recursive: true });
      writeFileSync(join(root, 'provinces/anhui', part, 'kept'), part);
    }
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
    rmSync(root, { recursive: true, force: true });
  });

  async function listen(role: Role): Promise<number> {
    const port = basePort + OFFSET[role];
    const server = createServer();
    servers.push(server);
    const host = role === 'chaincode' ? '127.0.0.1' : '127.0.0.4';
    await new Promise<void>((listening) => server.listen(port, host, () => listening()));
    return port;
  }
  const contents = () =>
    Object.fromEntries(
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name !== 'lock' && statSync(join(root, name)).isFile())
        .map((name) => [name, readFileSync(join(root, name), 'latin1')]),
    );
  const give = (command: string) => network([...command.split(' '), '--folder', root], environment);

  it.each<[command: string, runs: Role]>([
    ['rebuild-peer anhui', 'peer'],
    ['rotate anhui peer', 'peer'],
    ['rotate anhui peer-tls', 'peer'],
    ['rotate anhui orderer', 'orderer'],
    ['rotate anhui chaincode', 'chaincode'],
    ['rotate anhui chaincode', 'peer'],
    ['upgrade anhui', 'chaincode'],
    ['clean', 'orderer'],
  ])('%s is refused while the %s runs, and nothing in the folder is changed', async (command, role) => {
    const before = contents();
    const port = await listen(role);
    const { code, complaint } = await give(command);
    expect([code, complaint]).toEqual([
      1,
      `anhui-${role} (port ${port}) runs and was not started from here; nothing was stopped or removed: systemctl stop delta-${role} (ss -ltnp names another program), then this command again; how systemd takes over afterwards: network/runbooks/README.md, Where systemd runs the nodes\n`,
    ]);
    expect(contents()).toEqual(before);
  });

  it('all that are to be stopped are named together', async () => {
    await listen('peer');
    await listen('chaincode');
    const { code, complaint } = await give('rotate anhui chaincode');
    expect(code).toBe(1);
    expect(complaint).toContain('systemctl stop delta-peer delta-chaincode ');
  });

  it.each([
    ['rebuild-peer anhui --snapshot DIR', '--snapshot and --hash go together: give the folder, and the hash'],
    ['rebuild-peer anhui --hash 00', '--snapshot and --hash go together: give the folder, and the hash'],
    ['rebuild-peer anhui --snapshot-of anhui --hash 00', 'a peer begins from one snapshot: give --snapshot-of, or'],
    ['rebuild-peer anhui --snapshot DIR --hash 00', 'DIR is no snapshot of a peer: name the folder'],
  ])('%s: what is missing; the peer keeps what it has', async (command, expected) => {
    const before = contents();
    const { code, complaint } = await give(command);
    expect([code, complaint]).toEqual([1, expect.stringContaining(expected)]);
    expect(contents()).toEqual(before);
  });

  it('its port free, the command goes on', async () => {
    const { complaint } = await give('rotate anhui peer');
    expect(complaint).toContain('anhui-peer ended as soon as it started');
    expect(await give('clean')).toMatchObject({ code: 0, output: `removed ${root}\n` });
  });

  it('is no node that was started from here, which is stopped', async () => {
    await listen('orderer');
    const own = spawn('sleep', ['60']);
    const gone = new Promise((settle) => own.once('exit', settle));
    mkdirSync(join(root, 'pids'));
    const record = { pid: own.pid, started: startOf(own.pid as number) };
    writeFileSync(join(root, 'pids/anhui-orderer.json'), JSON.stringify(record));
    try {
      expect(await give('clean')).toMatchObject({ code: 0, output: `removed ${root}\n` });
      await gone;
      expect(existsSync(root)).toBe(false);
    } finally {
      own.kill('SIGKILL');
    }
  });
});
