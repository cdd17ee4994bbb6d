import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { document } from '../../scripts/demo/digest.js';
import {
  all,
  command,
  expectDemonstration,
  freePort,
  freshFolder,
  height,
  killedFirstStart,
  PATIENCE,
  ROOT,
  startServer,
  tokenOf,
  verify,
} from '../support/first-run.js';

describe('starting again', { timeout: PATIENCE }, () => {
  it('after a stop writes nothing and knows everything', async () => {
    const dataDir = freshFolder();
    const first = await startServer(dataDir);
    const before = await height(first.url);
    expect(await first.stop()).toBe(0);
    const second = await startServer(dataDir);
    expect(await height(second.url)).toBe(before);
    expect((await verify(second.url, document('food-licence.pdf'))).verdict).toBe('valid');
    await second.kill();
    const third = await startServer(dataDir);
    expect(await height(third.url)).toBe(before);
    await third.kill();
  });

  it('after a first start that was killed twice goes on, and nothing happened twice', async () => {
    const dataDir = freshFolder();
    await killedFirstStart(dataDir, 'agencies registered');
    await killedFirstStart(dataDir, 'scenario 4 played');
    const server = await startServer(dataDir);
    await expectDemonstration(server.url, dataDir, server.port);
    expect((await verify(server.url, document('licence-suzhou.pdf'))).verdict).toBe('valid');
    await server.kill();
  });
});

describe('npm start', { timeout: PATIENCE }, () => {
  it('passes on the signal that stops it', async () => {
    const [port, dataDir] = [await freePort(), freshFolder()];
    const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', DEMO: 'off' };
    const child = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
    const printed = new Promise<string>((resolve) => {
      let text = '';
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (text.includes('Ready:')) child.kill('SIGTERM');
      });
      // Standard output closes when the server itself has ended, not only npm.
      child.once('close', () => resolve(text));
    });
    expect(await printed).toContain('SIGTERM: stopping');
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
  });
});

describe('without the demonstration', { timeout: PATIENCE }, () => {
  it('there is genesis only, and a token for its registrars', async () => {
    const dataDir = freshFolder();
    const server = await startServer(dataDir, { DEMO: 'off' });
    const agencies = await all(server.url, '/v1/agencies');
    expect(agencies.map(({ roles }) => roles)).toEqual([['registrar'], ['registrar'], ['registrar'], ['registrar']]);
    expect(await all(server.url, '/v1/catalogue/service-items')).toEqual([]);
    expect((await verify(server.url, document('food-licence.pdf'))).verdict).toBe('unknown');
    expect(tokenOf(dataDir, server.port, agencies[0]?.agencyId as string).split('.')).toHaveLength(3);
    await server.kill();
  });

  it('the demo command says to start a server when there is none', async () => {
    const port = await freePort();
    const without = command('demo', freshFolder(), port, '1');
    expect(without).toMatchObject({ status: 1, stderr: expect.stringContaining('start the server first') });
  });
});
