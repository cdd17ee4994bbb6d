import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { FabricProfile } from '../../network/fabric/profile.js';
import { REGISTRARS, type Registrar } from '../../network/registrars.js';
import type { ServerProcess } from '../../scripts/faults/server-process.js';
import { networkMissing } from '../support/fabric-network.js';
import { freshFolder, PATIENCE, ROOT, startServer, tokenOf } from '../support/first-run.js';
import { ownNetwork } from '../support/own-network.js';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

interface Said {
  readonly out: string;
  readonly code: number | null;
}

/** Resolves when the program listens or has ended. */
function signer(...args: string[]): Promise<Said> {
  const child = spawn(process.execPath, [join(ROOT, 'dist/scripts/signer.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  return new Promise((resolve) => {
    let out = '';
    const hear = (chunk: Buffer) => {
      out += chunk;
      if (out.includes('signing for')) resolve({ out, code: null });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', (code) => resolve({ out, code }));
  });
}

const missing = networkMissing();
const [REGISTRAR] = REGISTRARS as readonly [Registrar, ...Registrar[]];
const AGENCY = '11310000MB0TGN01X2';

/** The status of a registration by Shanghai's registrar, which its own key has to sign, and the new agency's key is made for. */
async function register({ url, port }: ServerProcess, dataDir: string): Promise<number> {
  const token = tokenOf(dataDir, port, REGISTRAR.agencyId);
  const { status } = await fetch(`${url}/v1/agencies`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      agencyId: AGENCY,
      name: { zh: '市场监督管理局' },
      divisionCode: '310000',
      kind: 'department',
      roles: ['certificate-issuer'],
    }),
  });
  return status;
}

describe('npm run signer', { timeout: PATIENCE }, () => {
  it('serves an API that has no agency’s key in its folder', async () => {
    const [dataDir, keys] = [freshFolder(), freshFolder()];
    await (await startServer(dataDir, { DEMO: 'off' })).stop();
    cpSync(join(dataDir, 'identities'), join(keys, 'identities'), { recursive: true });
    cpSync(join(dataDir, 'authorities'), join(keys, 'authorities'), { recursive: true });
    rmSync(join(dataDir, 'identities'), { recursive: true });
    const socket = join(freshFolder(), 'signer.sock');
    expect((await signer('--socket', socket, '--wallet', keys)).out).toContain('signing for 310000, 320000, 330000, 340000 on');
    const server = await startServer(dataDir, { DEMO: 'off', SIGNER_SOCKET: socket });
    expect(await register(server, dataDir)).toBe(201);
    expect(existsSync(join(dataDir, 'identities'))).toBe(false);
    expect(existsSync(join(keys, 'identities/ShanghaiMSP', AGENCY, 'key.pem'))).toBe(true);
    started[0]?.kill('SIGKILL');
    expect(await register(server, dataDir)).toBe(503);
    await server.stop();
  });

  it('serves an API on a network of four provinces whose profile names no key but the reader’s', async (test) => {
    if (missing) return test.skip(missing);
    const network = await ownNetwork();
    try {
      const [dataDir, wallet] = [freshFolder(), join(network.root, 'wallet')];
      const profile = JSON.parse(readFileSync(network.profile('shanghai'), 'utf8')) as FabricProfile;
      const keyless = network.profile('keyless');
      writeFileSync(keyless, JSON.stringify({ ...profile, authorities: {}, wallet: '../nobody' }));
      const socket = join(freshFolder(), 'signer.sock');
      const authority = `310000=${join(network.root, 'provinces/shanghai/ca')}`;
      expect((await signer('--socket', socket, '--wallet', wallet, '--authority', authority)).out).toContain(
        'signing for 310000 on',
      );
      const environment = { LEDGER: 'fabric', FABRIC_PROFILE: keyless, DEMO: 'off' };
      const server = await startServer(dataDir, { ...environment, SIGNER_SOCKET: socket });
      expect(await register(server, dataDir)).toBe(201);
      expect(existsSync(join(network.root, 'nobody'))).toBe(false);
      expect(existsSync(join(wallet, 'identities/ShanghaiMSP', AGENCY, 'key.pem'))).toBe(true);
      started[0]?.kill('SIGKILL');
      expect(await register(server, dataDir)).toBe(503);
      await server.stop();
    } finally {
      await network.remove();
    }
  });

  it.each([
    [['--wallet', '/nowhere'], 'required option'],
    [['--socket', '/tmp/x/signer.sock', '--wallet', '/nowhere'], 'has no authorities: name them with --authority'],
    [['--socket', '/tmp/x/signer.sock', '--wallet', '/nowhere', '--authority', '110000=/x'], 'give <province>=<folder>'],
    [['--socket', '/tmp/x/signer.sock', '--wallet', '/nowhere', '--authority', '310000=/x'], 'lost its key or certificate'],
    [['--socket', '/tmp/x/signer.sock', '--wallet', '/nowhere', '--rate', '0'], 'give a whole number above 0'],
  ])('says what is missing: %j', async (args, what) => {
    const { out, code } = await signer(...args);
    expect(out).toContain(what);
    expect(code).toBe(1);
  });
});
