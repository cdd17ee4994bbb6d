import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings, SettingsFault } from '../../api/settings.js';
import { PROVINCES, type ProvinceCode } from '../../chaincode/provinces.js';
import { type AuthorityMaterial, createAuthority } from '../../network/identity/authority.js';
import { certifiedFolder } from '../support/certified-folder.js';

function faultsOf(source: Record<string, string>): readonly string[] {
  try {
    readSettings(source);
  } catch (error) {
    if (error instanceof SettingsFault) return error.faults;
    throw error;
  }
  return [];
}

describe('settings', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
    for (const name of ['cert.pem', 'key.pem', 'ca.pem']) writeFileSync(file(name), '');
    writeFileSync(file('days.json'), '{"holidays":["2026-10-01"],"workdays":[]}');
    writeFileSync(file('wrong.json'), '{"holidays":["1 October"],"workdays":[]}');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have a default each', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: './data',
      demo: true,
      ledger: 'embedded',
      receiptProvinces: 3,
      rateLimit: true,
      logLevel: 'info',
    });
  });

  it('are taken from the environment, and nothing else of it is', () => {
    const settings = readSettings({
      HOST: '0.0.0.0',
      PORT: '0',
      TLS_CERT: file('cert.pem'),
      TLS_KEY: file('key.pem'),
      CLIENT_CA: file('ca.pem'),
      DATA_DIR: '/srv/ledger',
      DEMO: 'off',
      LEDGER: 'embedded',
      PROVINCE: '330000',
      SIGNER_SOCKET: file('key.pem'),
      VAULT_KEY_FILE: file('key.pem'),
      CALENDAR_FILE: file('days.json'),
      RECEIPT_PROVINCES: '4',
      RATE_LIMIT: 'off',
      LOG_LEVEL: 'warn',
      PATH: '/usr/bin',
    });
    expect(settings).toEqual({
      host: '0.0.0.0',
      port: 0,
      tls: { certificateFile: file('cert.pem'), keyFile: file('key.pem'), clientCaFile: file('ca.pem') },
      dataDir: '/srv/ledger',
      demo: false,
      ledger: 'embedded',
      province: '330000',
      signerSocket: file('key.pem'),
      vaultKeyFile: file('key.pem'),
      calendarFile: file('days.json'),
      receiptProvinces: 4,
      rateLimit: false,
      logLevel: 'warn',
    });
  });

  it('tell all faults together, each with what to do', () => {
    const faults = faultsOf({
      PORT: '70000',
      DEMO: 'yes',
      LEDGER: 'paper',
      PROVINCE: '110000',
      RECEIPT_PROVINCES: '2',
      RATE_LIMIT: '',
      LOG_LEVEL: 'loud',
      TLS_CERT: file('cert.pem'),
      SIGNER_SOCKET: file('missing.sock'),
      VAULT_KEY_FILE: file('missing'),
    });
    expect(faults).toEqual([
      expect.stringMatching(/^PORT="70000": give a port/),
      expect.stringMatching(/^DEMO="yes": give on/),
      expect.stringMatching(/^LEDGER="paper": give embedded for a ledger in DATA_DIR, or fabric/),
      expect.stringMatching(/^PROVINCE="110000": give one of 310000, 320000, 330000, 340000/),
      expect.stringMatching(/^RECEIPT_PROVINCES="2": give 3, as many as a write needs, or 4/),
      expect.stringMatching(/^RATE_LIMIT="": give on, or off/),
      expect.stringMatching(/^LOG_LEVEL="loud": give one of fatal/),
      expect.stringMatching(/^TLS_CERT and TLS_KEY go together/),
      expect.stringMatching(/^SIGNER_SOCKET=.*cannot be read: give the socket of a running signing process/),
      expect.stringMatching(/^VAULT_KEY_FILE=.*cannot be read/),
    ]);
    expect(() => readSettings({ PORT: 'x', DEMO: 'x' })).toThrow(/PORT.*DEMO/s);
  });

  it('tell what is wrong in the calendar with the others', () => {
    expect(faultsOf({ PORT: 'x', CALENDAR_FILE: file('wrong.json') })).toEqual([
      expect.stringContaining('PORT='),
      expect.stringMatching(/^CALENDAR_FILE=".*wrong\.json" is no calendar \(\/holidays\/0 .+\): give the file of holidays/),
    ]);
    expect(faultsOf({ CALENDAR_FILE: file('cert.pem') })).toEqual([expect.stringContaining('is no calendar (the file ')]);
  });

  it.each(['8080.5', '1e3', '0x50', '-1', 'http', '', '08080', '65536', '70000'])('refuse the port %j', (port) => {
    expect(faultsOf({ PORT: port })).toHaveLength(1);
  });

  it('refuse a client authority without TLS', () => {
    expect(faultsOf({ CLIENT_CA: file('ca.pem') })).toEqual([expect.stringContaining('CLIENT_CA needs TLS')]);
  });

  describe('for Fabric', () => {
    /** A profile with Jiangsu as home, and authorities of the provinces named. */
    async function profile(authorities: readonly ProvinceCode[]): Promise<string> {
      const made = await Promise.all(PROVINCES.map(({ mspId }) => createAuthority(mspId, 'ca', Date.now())));
      made.forEach(({ certificate, privateKey }, index) => {
        const path = file(`ca-${PROVINCES[index]?.code}`);
        mkdirSync(path, { recursive: true });
        writeFileSync(join(path, 'certificate.pem'), certificate);
        writeFileSync(join(path, 'key.pem'), privateKey, { mode: 0o600 });
      });
      await certifiedFolder(file('reader'), made[1] as AuthorityMaterial);
      const provinces = PROVINCES.map(({ code, mspId }, index) => {
        const roots = [`ca-${code}/certificate.pem`];
        const node = (port: number) => ({ address: `127.0.0.1:${port}`, tlsName: 'node' });
        return { code, mspId, roots, tlsRoots: roots, peer: node(17390 + index), orderer: node(17395 + index) };
      });
      const path = file(`profile-${authorities.join('-')}.json`);
      const value = {
        format: 'yrd-fabric-profile/1',
        channel: 'delta',
        chaincode: 'trust',
        home: '320000',
        provinces,
        authorities: Object.fromEntries(authorities.map((code) => [code, `ca-${code}`])),
        reader: 'reader',
        wallet: 'wallet',
      };
      writeFileSync(path, JSON.stringify(value));
      return path;
    }

    it('name the profile, and the province that it speaks for', async () => {
      const path = await profile(['320000']);
      expect(readSettings({ LEDGER: 'fabric', FABRIC_PROFILE: path, PROVINCE: '320000' })).toMatchObject({
        ledger: 'fabric',
        fabricProfile: path,
        province: '320000',
      });
      expect(readSettings({ LEDGER: 'fabric', FABRIC_PROFILE: path }).province).toBeUndefined();
    });

    it('are refused without a profile, and with one that is not there', () => {
      expect(faultsOf({ LEDGER: 'fabric', PORT: 'x' })).toEqual([
        expect.stringMatching(/^PORT="x": give a port/),
        expect.stringMatching(/^LEDGER=fabric needs FABRIC_PROFILE: give the connection profile of a running network/),
      ]);
      expect(faultsOf({ LEDGER: 'fabric', FABRIC_PROFILE: file('none.json') })).toEqual([
        expect.stringMatching(/^FABRIC_PROFILE=.*none\.json" cannot be read: give the connection profile/),
      ]);
    });

    it('are refused with a profile that the embedded ledger would not read', async () => {
      expect(faultsOf({ FABRIC_PROFILE: await profile(['320000']) })).toEqual([
        expect.stringMatching(/^FABRIC_PROFILE goes with LEDGER=fabric/),
      ]);
    });

    it('tell every fault of the profile beside those of the environment', () => {
      writeFileSync(file('bad.json'), JSON.stringify({ format: 'yrd-fabric-profile/1', channel: 'delta' }));
      const faults = faultsOf({ LEDGER: 'fabric', FABRIC_PROFILE: file('bad.json'), PORT: 'x' });
      expect(faults[0]).toMatch(/^PORT="x"/);
      expect(faults.slice(1).length).toBeGreaterThan(0);
      for (const fault of faults.slice(1)) expect(fault).toMatch(/^FABRIC_PROFILE=".*bad\.json": \//);
    });

    it('are refused for a province that the profile does not speak for, or has no authority of', async () => {
      const other = await profile(['320000', '330000']);
      expect(faultsOf({ LEDGER: 'fabric', FABRIC_PROFILE: other, PROVINCE: '330000' })).toEqual([
        expect.stringMatching(/^PROVINCE=330000: the profile .* is one of 320000: give FABRIC_PROFILE of the province/),
      ]);
      const keyless = await profile(['310000']);
      expect(faultsOf({ LEDGER: 'fabric', FABRIC_PROFILE: keyless, PROVINCE: '320000' })).toEqual([
        expect.stringMatching(/^PROVINCE=320000: the profile .* names no authority of it: .*SIGNER_SOCKET/),
      ]);
      const signed = { LEDGER: 'fabric', FABRIC_PROFILE: keyless, PROVINCE: '320000', SIGNER_SOCKET: file('key.pem') };
      expect(faultsOf(signed)).toEqual([]);
    });
  });
});
