import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkRecord } from '../../network/operation/network-record.js';
import { freeBasePort } from '../support/free-ports.js';
import { fakePrograms, network } from '../support/network-command.js';

const OTHER = '0'.repeat(64);
const STAYS =
  'what is in the channel (members, policies, block size, consensus times) stays: only an update of the channel changes it';
const RESTART = 'restart one after the other, each when npm run network -- status says that all is well again:';

describe('a network that a build with other settings made', { timeout: 120_000 }, () => {
  let home: string;
  let environment: Readonly<Record<string, string>>;
  const place = (root: string, name: string) => join(root, ...name.split('/'));
  const recordOf = (root: string) => JSON.parse(readFileSync(join(root, 'network.json'), 'utf8')) as NetworkRecord;
  const writeRecord = (root: string, record: object) => writeFileSync(join(root, 'network.json'), JSON.stringify(record));
  /** Gives a file what another build would have written there. */
  const alter = (root: string, name: string, from: string, to: string) => {
    const text = readFileSync(place(root, name), 'utf8');
    expect(text).toContain(from);
    writeFileSync(place(root, name), text.replace(from, to));
  };
  const noted = (root: string) =>
    `${root} was made with other settings than this build's, and goes on with them: npm run network -- settings writes this build's\n`;
  /** All files but what a start leaves. */
  const contentOf = (root: string) =>
    Object.fromEntries(
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(root, name)).isFile() && !/^(logs|pids|lock$|network\.json)/.test(name))
        .map((name) => [name, readFileSync(join(root, name), 'base64')]),
    );
  async function made(name: string): Promise<string> {
    const root = join(home, name);
    await network(['up', '--folder', root, '--ports', String(await freeBasePort())], environment);
    await network(['down', '--folder', root]);
    return root;
  }

  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'network-settings-'));
    environment = { FABRIC_BIN: fakePrograms(join(home, 'bin')) };
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('goes on with them, says so in a line, and gets this build’s by settings: files of nodes, nothing else', async () => {
    const root = await made('altered');
    const before = contentOf(root);
    alter(root, 'provinces/anhui/peer/core.yaml', 'endorserService: 500', 'endorserService: 100');
    alter(root, 'provinces/jiangsu/orderer/orderer.yaml', 'TimeWindow: "5m"', 'TimeWindow: "15m"');
    writeRecord(root, { ...recordOf(root), settings: OTHER });
    const status = await network(['status', '--json', '--folder', root], environment);
    expect(status.complaint).toBe(noted(root));
    expect(JSON.parse(status.output)).toMatchObject({ folder: root });
    const up = await network(['up', '--folder', root], environment);
    expect(up.complaint.startsWith(noted(root))).toBe(true);
    expect(up.complaint).toContain('ended as soon as it started');
    await network(['down', '--folder', root]);

    const settings = await network(['settings', '--folder', root], environment);
    expect(settings).toEqual({
      code: 0,
      complaint: '',
      output: [
        'writes provinces/jiangsu/orderer/orderer.yaml',
        'writes provinces/anhui/peer/core.yaml',
        RESTART,
        '  jiangsu-orderer: does not run; npm run network -- up starts it',
        '  anhui-peer: does not run; npm run network -- up starts it',
        STAYS,
        '',
      ].join('\n'),
    });
    expect(contentOf(root)).toEqual(before);
    expect((await network(['status', '--folder', root], environment)).complaint).toBe('');
    const again = await network(['settings', '--folder', root]);
    expect(again.output).toBe(`the nodes have this build’s settings: none has to be restarted\n${STAYS}\n`);
  });

  it('as a province’s folder: its units too, and how they come to the system; it stays that province’s', async () => {
    const out = join(home, 'folders');
    await network(['folders', '--hosts', '10.1.0.1,10.1.0.2,10.1.0.3,10.1.0.4', '--out', out], environment);
    const root = join(out, 'zhejiang');
    const record = recordOf(root);
    alter(root, 'systemd/delta-peer.service', 'RestartSec=2', 'RestartSec=9');
    alter(root, 'provinces/zhejiang/peer/connection.json', '"dial_timeout": "5s"', '"dial_timeout": "1s"');
    writeRecord(root, { ...record, settings: OTHER });
    const { output } = await network(['settings', '--folder', root]);
    expect(output.split('\n')).toEqual([
      'writes provinces/zhejiang/peer/connection.json',
      'writes systemd/delta-peer.service',
      `before the restarts: cp ${root}/systemd/*.service /etc/systemd/system/ && systemctl daemon-reload`,
      `before the restarts: rm -r ${root}/provinces/zhejiang/peer/ledger/externalbuilder, while that peer is stopped`,
      RESTART,
      '  zhejiang-peer: systemctl restart delta-peer',
      STAYS,
      '',
    ]);
    expect(recordOf(root)).toEqual(record);
    expect(statSync(join(root, 'provinces/zhejiang/peer/connection.json')).mode & 0o777).toBe(0o600);
  });

  it('keeps the package that its chaincode service runs', async () => {
    const root = await made('upgraded');
    const name = 'provinces/shanghai/chaincode/service.json';
    alter(root, name, 'trust_1-', 'trust_0-');
    alter(root, name, '127.0.0.1:', '127.0.0.9:');
    const { output } = await network(['settings', '--folder', root]);
    expect(output).toContain('  shanghai-chaincode: does not run; npm run network -- up starts it\n');
    const written = readFileSync(place(root, name), 'utf8');
    expect([written.includes('trust_0-'), written.includes('127.0.0.1:')]).toEqual([true, true]);
  });

  it('is refused when its members are others, also by a record that does not name them', async () => {
    const root = await made('members');
    const { members = [], ...record } = recordOf(root);
    expect(members).toHaveLength(4);
    writeRecord(root, record);
    expect((await network(['status', '--folder', root], environment)).complaint).toBe('');
    writeRecord(root, { ...record, members: [...members.slice(0, 3), 'FujianMSP 127.0.0.1:1 127.0.0.1:2'] });
    const refusal = `${root} is a network of other members than this build's: run the build that made it\n`;
    for (const command of ['status', 'up', 'settings'])
      expect(await network([command, '--folder', root], environment)).toEqual({ code: 1, output: '', complaint: refusal });
    rmSync(place(root, 'provinces/anhui'), { recursive: true });
    writeRecord(root, record);
    expect((await network(['settings', '--folder', root])).complaint).toBe(refusal);
    expect(existsSync(place(root, 'provinces/anhui'))).toBe(false);
  });

  it('is told where there is none', async () => {
    const root = join(home, 'none');
    expect((await network(['settings', '--folder', root])).complaint).toBe(
      `there is no network in ${root}: npm run network -- up makes one\n`,
    );
    expect(existsSync(root)).toBe(false);
  });
});
