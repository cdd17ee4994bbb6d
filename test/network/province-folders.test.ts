import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineNetwork } from '../../network/definition/definition.js';
import { LOGGED } from '../../network/definition/limits.js';
import { readProfile } from '../../network/fabric/profile.js';
import { nodesOf } from '../../network/operation/nodes.js';
import { findPrograms } from '../../network/operation/programs.js';
import { readUnits } from '../../scripts/network/units.js';
import { fakePrograms, network } from '../support/network-command.js';

const HOSTS = '10.1.0.1,10.1.0.2,10.1.0.3,ah.example';
const SLUGS = ['shanghai', 'jiangsu', 'zhejiang', 'anhui'];

describe('a folder for each province that runs on a host of its own', () => {
  let home: string;
  let out: string;
  let environment: Readonly<Record<string, string>>;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'province-folders-'));
    out = join(home, 'folders');
    environment = { FABRIC_BIN: fakePrograms(join(home, 'bin')) };
    const written = await network(['folders', '--hosts', HOSTS, '--out', out, '--ports', '17000'], environment);
    expect(written.complaint).toBe('');
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const files = (slug: string) =>
    readdirSync(join(out, slug), { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(out, slug, name)).isFile(),
    );

  it('is one for each of the four, and nothing is left of their making', () => {
    expect(readdirSync(out).sort()).toEqual([...SLUGS].sort());
  });

  it.each(SLUGS)('of %s holds its own private keys and nobody else’s', (slug) => {
    const secret = files(slug).filter((name) => /PRIVATE KEY/.test(readFileSync(join(out, slug, name), 'latin1')));
    expect(secret.length).toBeGreaterThan(8);
    expect(secret.filter((name) => !name.startsWith(`provinces/${slug}/`))).toEqual([]);
  });

  it.each(SLUGS)('of %s knows the others by their certificates', (slug) => {
    const others = files(slug).filter((name) => name.startsWith('provinces/') && !name.startsWith(`provinces/${slug}/`));
    expect(others).toHaveLength(9);
    expect(others.every((name) => /\/msp\/(cacerts\/root\.pem|tlscacerts\/root\.pem|config\.yaml)$/.test(name))).toBe(true);
  });

  it('has one profile, of its own province, that can be read there', () => {
    expect(readdirSync(join(out, 'anhui/profiles'))).toEqual(['anhui.json']);
    const { home: own, authorities, provinces } = readProfile(join(out, 'anhui/profiles/anhui.json'));
    expect([own.code, [...authorities.keys()]]).toEqual(['340000', ['340000']]);
    expect(provinces.map(({ peer }) => peer.address)).toEqual([
      '10.1.0.1:17003',
      '10.1.0.2:17023',
      '10.1.0.3:17043',
      'ah.example:17063',
    ]);
  });

  it('has systemd units and the steps to join, with its own ports and folder', () => {
    expect(readdirSync(join(out, 'jiangsu/systemd')).sort()).toEqual([
      'delta-chaincode.service',
      'delta-orderer.service',
      'delta-peer.service',
      'delta-watch.service',
    ]);
    const root = join(out, 'jiangsu');
    const { members } = defineNetwork({ basePort: 17_000, hosts: HOSTS.split(',') });
    const programs = findPrograms({ ...process.env, ...environment });
    const places = { folder: root, software: '/software', fabric: join(home, 'bin') };
    const run = nodesOf(root, members.slice(1, 2), programs).map((node) => ({
      name: `delta-${node.role}`,
      arguments:
        node.role === 'chaincode' ? ['/software/dist/network/chaincode-service/main.js', 'service.json'] : node.arguments,
      command: node.role === 'chaincode' ? '/software/node_modules/.bin/node' : node.command,
      folder: node.folder,
    }));
    const watch = {
      name: 'delta-watch',
      arguments: ['/software/dist/scripts/network.js', 'watch', '--folder', root],
      command: '/software/node_modules/.bin/node',
      folder: root,
    };
    const byUnits = readUnits(places);
    expect(byUnits.map(({ environment: _, ...unit }) => unit)).toEqual(
      [...run, watch].sort((one, other) => (one.name < other.name ? -1 : 1)),
    );
    expect(byUnits.map((unit) => unit.environment)).toEqual([
      {},
      { FABRIC_CFG_PATH: join(root, 'provinces/jiangsu/orderer'), FABRIC_LOGGING_SPEC: LOGGED.orderer },
      {
        FABRIC_CFG_PATH: join(root, 'provinces/jiangsu/peer'),
        FABRIC_LOGGING_SPEC: LOGGED.peer,
        CORE_LEDGER_SNAPSHOTS_ROOTDIR: join(root, 'provinces/jiangsu/peer/snapshots'),
      },
      { FABRIC_BIN: places.fabric },
    ]);
    const steps = readFileSync(join(out, 'jiangsu/README.md'), 'utf8');
    expect(steps).toContain('Let the other provinces reach ports 17020 (orderer) and 17023 (peer).');
    expect(steps).toContain('npm run network -- join --folder /srv/delta');
  });

  it.each([
    [['--hosts', 'a,b,c'], 'give four different hosts'],
    [['--hosts', 'a,b,c,c'], 'give four different hosts'],
  ])('is not written for %j', async (hosts, expected) => {
    const other = join(home, 'other');
    const { code, complaint } = await network(['folders', ...hosts, '--out', other], environment);
    expect([code, complaint.includes(expected), existsSync(other)]).toEqual([1, true, false]);
  });

  it('is not written over another', async () => {
    const again = await network(['folders', '--hosts', HOSTS, '--out', out], environment);
    expect([again.code, again.complaint]).toEqual([1, `${out} is not empty: name another folder\n`]);
  });
});

describe('the proof in network namespaces', () => {
  it('is skipped with its reason where there is no iproute2', async () => {
    const { code, output } = await network(['test'], { PATH: '/nowhere' });
    expect(code).toBe(0);
    expect(output).toMatch(/^skipped: network namespaces need (Linux and root|iproute2 \(apt-get install -y iproute2\))\n$/);
  });
});
