import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installSdkLog, listenToSdk } from '../../network/fabric/sdk-log.js';
import { FabricDouble } from '../support/fabric-double/fabric-double.js';
import { register, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

const ROOT = join(import.meta.dirname, '../..');
const load = createRequire(import.meta.url);

describe('fabric-network', () => {
  it('gets no private key: no key is made, read or used in elliptic or jsrsasign while a write goes through', async () => {
    const touched: string[] = [];
    const note = (holder: Record<string, unknown>, name: string) => {
      const own = holder[name] as (...args: unknown[]) => unknown;
      holder[name] = function (this: unknown, ...args: unknown[]) {
        touched.push(name);
        return own.apply(this, args);
      };
    };
    const { ec } = load('elliptic') as { ec: { prototype: Record<string, unknown> } };
    for (const name of ['keyFromPrivate', 'genKeyPair', 'sign']) note(ec.prototype, name);
    const { KEYUTIL } = load('jsrsasign') as { KEYUTIL: Record<string, unknown> };
    for (const name of ['getKey', 'generateKeypair']) note(KEYUTIL, name);
    const double = await FabricDouble.start();
    const fabric = await double.open();
    await register(fabric);
    await double.close();
    expect(touched).toEqual([]);
    (ec.prototype.genKeyPair as (this: unknown) => unknown).call(new (load('elliptic').ec)('p256'));
    expect(touched).toContain('genKeyPair');
  });

  it("does not take the command line for its own: --help is the command's", () => {
    const program = `const { connectSdk } = await import('./dist/network/fabric/sdk.js');
      await connectSdk({ provinces: [], home: { mspId: 'ShanghaiMSP' } }).catch(() => undefined);
      console.log(process.argv.at(-1));`;
    const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program, 'x', '--help'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(ran.stdout).toBe('--help\n');
  });

  it('tells its complaints in our log, each kind once', () => {
    installSdkLog();
    const { logger } = (globalThis as unknown as { hfc: { logger: Record<string, (...parts: unknown[]) => void> } }).hfc;
    const lines: string[] = [];
    const stop = listenToSdk((line) => lines.push(line));
    logger.error?.('%s timed out after: %s', 'peer', 3000);
    logger.error?.('%s timed out after: %s', 'peer', 4000);
    logger.warn?.('another thing');
    logger.debug?.('nothing of interest');
    stop();
    logger.error?.('nobody listens');
    expect(lines).toEqual(['fabric-network says: peer timed out after: 3000', 'fabric-network warns: another thing']);
  });
});
