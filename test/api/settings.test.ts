import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings, SettingsFault } from '../../api/settings.js';

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
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have a default each', () => {
    expect(readSettings({})).toEqual({
      host: '127.0.0.1',
      port: 8080,
      dataDir: './data',
      demo: true,
      ledger: 'embedded',
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
      CALENDAR_FILE: file('ca.pem'),
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
      calendarFile: file('ca.pem'),
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
      RATE_LIMIT: '',
      LOG_LEVEL: 'loud',
      TLS_CERT: file('cert.pem'),
      SIGNER_SOCKET: file('missing.sock'),
      VAULT_KEY_FILE: file('missing'),
    });
    expect(faults).toEqual([
      expect.stringMatching(/^PORT="70000": give a port/),
      expect.stringMatching(/^DEMO="yes": give on/),
      expect.stringMatching(/^LEDGER="paper": give embedded/),
      expect.stringMatching(/^PROVINCE="110000": give one of 310000, 320000, 330000, 340000/),
      expect.stringMatching(/^RATE_LIMIT="": give on, or off/),
      expect.stringMatching(/^LOG_LEVEL="loud": give one of fatal/),
      expect.stringMatching(/^TLS_CERT and TLS_KEY go together/),
      expect.stringMatching(/^SIGNER_SOCKET=.*cannot be read: give the socket of a running signing process/),
      expect.stringMatching(/^VAULT_KEY_FILE=.*cannot be read/),
    ]);
    expect(() => readSettings({ PORT: 'x', DEMO: 'x' })).toThrow(/PORT.*DEMO/s);
  });

  it.each(['8080.5', '1e3', '0x50', '-1', 'http', '', '08080', '65536', '70000'])('refuse the port %j', (port) => {
    expect(faultsOf({ PORT: port })).toHaveLength(1);
  });

  it('refuse a client authority without TLS', () => {
    expect(faultsOf({ CLIENT_CA: file('ca.pem') })).toEqual([expect.stringContaining('CLIENT_CA needs TLS')]);
  });
});
