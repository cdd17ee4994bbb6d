import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { REGISTRARS } from '../../network/registrars.js';
import { freshFolder, PATIENCE, ROOT, startServer } from '../support/first-run.js';

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
    const token = spawn(process.execPath, [join(ROOT, 'dist/scripts/token.js'), REGISTRARS[0]?.agencyId ?? ''], {
      env: { ...process.env, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [bearer] = (await token.stdout.toArray()).map(String);
    const write = () =>
      fetch(`${server.url}/v1/agencies`, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer?.trim()}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          agencyId: '11310000MB0TGN01X2',
          name: { zh: '市场监督管理局' },
          divisionCode: '310000',
          kind: 'department',
          roles: ['certificate-issuer'],
        }),
      });
    expect((await write()).status).toBe(201);
    expect(existsSync(join(dataDir, 'identities'))).toBe(false);
    expect(existsSync(join(keys, 'identities/ShanghaiMSP/11310000MB0TGN01X2/key.pem'))).toBe(true);
    started[0]?.kill('SIGKILL');
    expect((await write()).status).toBe(503);
    await server.stop();
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
