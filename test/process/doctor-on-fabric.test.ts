import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { networkPaths } from '../../network/definition/network-folder.js';
import type { FabricProfile } from '../../network/fabric/profile.js';
import { running } from '../../network/operation/process-record.js';
import type { Finding } from '../../scripts/doctor/finding.js';
import { checkNetwork } from '../../scripts/doctor/network.js';
import { networkMissing } from '../support/fabric-network.js';
import { freeBasePort } from '../support/free-ports.js';
import { network as command } from '../support/network-command.js';
import { type OwnNetwork, ownNetwork } from '../support/own-network.js';

type Province = FabricProfile['provinces'][number];

const missing = networkMissing();
const MINUTES = 60_000;
const PATIENCE = 600_000;

describe('the doctor on a network of four provinces', { timeout: PATIENCE }, () => {
  let network: OwnNetwork;
  beforeAll(async () => {
    if (missing) return;
    network = await ownNetwork();
    // It waits until everything answers, the contracts too, which peers that just started have not called yet.
    expect((await command(['up', '--folder', network.root])).complaint).toBe('');
  }, PATIENCE);
  afterAll(() => network?.remove(), PATIENCE);

  /** A profile that is wrong about Jiangsu. */
  function profileWith(name: string, wrong: (jiangsu: Province, zhejiang: Province) => object): string {
    const profile = JSON.parse(readFileSync(network.profile(), 'utf8')) as FabricProfile;
    const [shanghai, jiangsu, zhejiang, anhui] = profile.provinces as [Province, Province, Province, Province];
    const provinces = [shanghai, { ...jiangsu, ...wrong(jiangsu, zhejiang) }, zhejiang, anhui];
    const file = join(network.root, 'profiles', `${name}.json`);
    writeFileSync(file, JSON.stringify({ ...profile, provinces }));
    return file;
  }

  const faultsOf = (findings: readonly Finding[]) => findings.filter(({ verdict }) => verdict !== 'ok');

  it('finds every hop well when it is', async (test) => {
    if (missing) return test.skip(missing);
    const findings = await checkNetwork(network.profile(), {});
    expect(faultsOf(findings)).toEqual([]);
    const checks = ['dns', 'tls', 'certificates', 'clock', 'msp', 'channel', 'chaincode', 'code'];
    expect(findings.map(({ check }) => check)).toEqual(checks);
  });

  it('finds a name without an address', async (test) => {
    if (missing) return test.skip(missing);
    const file = profileWith('name', ({ peer }) => ({ peer: { ...peer, address: 'peer.jiangsu.invalid:7051' } }));
    expect(faultsOf(await checkNetwork(file, {}))[0]).toMatchObject({
      check: 'dns',
      found: expect.stringContaining('peer.jiangsu.invalid has no address'),
      advice: expect.stringContaining('/etc/hosts'),
    });
  });

  it('finds a port where nobody listens', async (test) => {
    if (missing) return test.skip(missing);
    const address = `127.0.0.1:${await freeBasePort()}`;
    const findings = faultsOf(
      await checkNetwork(
        profileWith('port', ({ peer }) => ({ peer: { ...peer, address } })),
        {},
      ),
    );
    expect(findings).toMatchObject([
      { check: 'tls', found: expect.stringContaining(`peer of JiangsuMSP at ${address}`), advice: expect.stringContaining('up') },
      { check: 'connection', found: expect.stringContaining('peer of JiangsuMSP'), advice: expect.stringContaining('See tls') },
    ]);
  });

  it('finds TLS certificates of another authority than the profile’s', async (test) => {
    if (missing) return test.skip(missing);
    const file = profileWith('tls', (_jiangsu, { tlsRoots }) => ({ tlsRoots }));
    const findings = faultsOf(await checkNetwork(file, {}));
    expect(findings.map(({ check, found }) => [check, found.split(' at ')[0]?.split(':')[0]])).toEqual([
      ['tls', 'peer of JiangsuMSP'],
      ['tls', 'orderer of JiangsuMSP'],
      ['connection', 'peer of JiangsuMSP'],
    ]);
    expect(findings[0]?.advice).toContain('tlsRoots');
  });

  it('finds a peer that is not of the province’s authority in the profile', async (test) => {
    if (missing) return test.skip(missing);
    const file = profileWith('msp', (_jiangsu, { roots }) => ({ roots }));
    expect(faultsOf(await checkNetwork(file, {}))).toMatchObject([
      { check: 'msp', found: expect.stringContaining('peer of JiangsuMSP'), advice: expect.stringContaining('roots') },
    ]);
  });

  it('finds an authority that the network does not know', async (test) => {
    if (missing) return test.skip(missing);
    const profile = JSON.parse(readFileSync(network.profile(), 'utf8')) as FabricProfile;
    const file = join(network.root, 'profiles', 'authority.json');
    const authorities = { '310000': profile.authorities['320000'] };
    writeFileSync(file, JSON.stringify({ ...profile, authorities, wallet: '../other-wallet' }));
    const findings = faultsOf(await checkNetwork(file, {}));
    expect(findings).toHaveLength(4);
    for (const finding of findings) expect(finding).toMatchObject({ check: 'msp', verdict: 'fault' });
  });

  it('finds a clock that is off by twenty minutes', async (test) => {
    if (missing) return test.skip(missing);
    const clock = () => Date.now() + 20 * MINUTES;
    const findings = faultsOf(await checkNetwork(network.profile(), {}, { clock }));
    expect(findings.map(({ check }) => check)).toEqual(['clock', 'clock', 'clock', 'clock']);
    expect(findings[0]?.advice).toContain('NTP');
  });

  it('finds a province whose chaincode service stopped', async (test) => {
    if (missing) return test.skip(missing);
    const record = running(networkPaths(network.root).pids, 'anhui-chaincode');
    process.kill(record?.pid as number, 'SIGKILL');
    expect(faultsOf(await checkNetwork(network.profile(), {}))).toMatchObject([
      { check: 'chaincode', found: expect.stringContaining('peer of AnhuiMSP'), advice: expect.stringContaining('service') },
    ]);
  });
});
