import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pathsOf } from '../../network/embedded/folder.js';
import { fileHeader } from '../../network/embedded/frame.js';
import { lockFolder } from '../../network/embedded/lock.js';
import { createWatermark } from '../../network/embedded/watermark.js';
import { addressOf } from '../../scripts/address.js';
import { checkDataFolder, checkKeyModes, checkLock, lastWrite } from '../../scripts/doctor/data-folder.js';
import { checkClock, checkPort, judgeDisk } from '../../scripts/doctor/machine.js';
import { checkNode, checkPackages } from '../../scripts/doctor/runtime.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'delta-doctor-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function emptyLedger(header = fileHeader()): void {
  const { log, watermark } = pathsOf(folder);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, header);
  createWatermark(watermark, { height: 0, hash: Buffer.alloc(32), logLength: header.length });
}

describe('the doctor on the runtime', () => {
  it('accepts the Node and the packages that npm ci installed', () => {
    expect(checkNode().verdict).toBe('ok');
    expect(checkPackages(join(import.meta.dirname, '../..')).verdict).toBe('ok');
  });

  it('sends an old Node, and one without SM3, to npm ci', () => {
    expect(checkNode('20.19.0')).toMatchObject({ verdict: 'fault', advice: expect.stringContaining('npm ci') });
    expect(checkNode('24.0.0', ['sha256'])).toMatchObject({ verdict: 'fault', found: 'Node 24.0.0 has no SM3' });
  });

  it('names a package that is missing or in another version', () => {
    const packages = { 'node_modules/one': { version: '1.0.0' }, 'node_modules/two': { version: '2.0.0' } };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
    mkdirSync(join(folder, 'node_modules/one'), { recursive: true });
    writeFileSync(join(folder, 'node_modules/one/package.json'), '{"version":"1.0.1"}');
    expect(checkPackages(folder)).toMatchObject({ verdict: 'fault', found: '2 missing or in another version: one, two' });
  });
});

describe('the doctor on the data folder', () => {
  it('accepts one that is not there, and an empty ledger', () => {
    expect(checkDataFolder(join(folder, 'none')).verdict).toBe('ok');
    emptyLedger();
    expect(checkDataFolder(folder)).toMatchObject({ verdict: 'ok', found: expect.stringContaining('0 blocks') });
    expect(lastWrite(folder)).toBeLessThanOrEqual(Date.now());
  });

  it('finds a log of another version, a foreign one and a shortened one', () => {
    emptyLedger(fileHeader(9));
    expect(checkDataFolder(folder)).toMatchObject({ verdict: 'fault', found: expect.stringContaining('has format 9') });
    emptyLedger(Buffer.alloc(32, 1));
    expect(checkDataFolder(folder)).toMatchObject({ verdict: 'fault', found: expect.stringContaining('does not begin') });
    emptyLedger();
    createWatermark(pathsOf(folder).watermark, { height: 3, hash: Buffer.alloc(32), logLength: 4096 });
    expect(checkDataFolder(folder)).toMatchObject({ verdict: 'fault', found: expect.stringContaining('shorter') });
  });

  it('finds a log without its watermark, and a damaged watermark', () => {
    emptyLedger();
    rmSync(pathsOf(folder).watermark);
    expect(checkDataFolder(folder)).toMatchObject({ verdict: 'fault', found: expect.stringContaining('is missing') });
    emptyLedger();
    truncateSync(pathsOf(folder).watermark, 10);
    expect(checkDataFolder(folder)).toMatchObject({ verdict: 'fault', found: expect.stringContaining('is damaged') });
  });

  it('tells whether somebody has it open', () => {
    const held = lockFolder(folder);
    expect(checkLock(folder).verdict).toBe('note');
    held.release();
    expect(checkLock(folder).verdict).toBe('ok');
  });

  it('finds a private key that others may read, and nothing else', () => {
    mkdirSync(join(folder, 'identities'));
    for (const name of ['key.pem', 'certificate.pem']) writeFileSync(join(folder, 'identities', name), 'x', { mode: 0o644 });
    expect(checkKeyModes(folder)).toMatchObject({ verdict: 'fault', found: '1 of 1 private keys can be read by others' });
    chmodSync(join(folder, 'identities/key.pem'), 0o600);
    expect(checkKeyModes(folder).verdict).toBe('ok');
  });
});

describe('the doctor on the machine', () => {
  let listener: Server | undefined;
  afterEach(() => listener?.close());

  it('distrusts a clock before this software, and one before the last block', () => {
    const now = Date.parse('2026-11-20T00:00:00Z');
    expect(checkClock(now, now - 1).verdict).toBe('ok');
    expect(checkClock(now, now + 60_000).verdict).toBe('fault');
    expect(checkClock(Date.parse('1970-01-01T00:00:01Z'), undefined).verdict).toBe('fault');
  });

  it('asks for room on the disk', () => {
    expect(judgeDisk(8 * 2 ** 30).verdict).toBe('ok');
    expect(judgeDisk(2 ** 30).verdict).toBe('note');
    expect(judgeDisk(2 ** 20).verdict).toBe('fault');
  });

  it('tells a free port from one that another program has', async () => {
    const other = createServer((socket) => socket.destroy());
    listener = other;
    const port = await new Promise<number>((resolve) => {
      other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port));
    });
    const address = addressOf({ host: '127.0.0.1', port });
    expect(await checkPort('127.0.0.1', port, address)).toMatchObject({
      verdict: 'fault',
      advice: expect.stringContaining('PORT'),
    });
    await new Promise((resolve) => other.close(resolve));
    expect((await checkPort('127.0.0.1', port, address)).verdict).toBe('ok');
  });

  it('knows where a server is reached', () => {
    expect(addressOf({ host: '0.0.0.0', port: 8080 })).toBe('http://127.0.0.1:8080');
    expect(addressOf({ host: '::1', port: 1, tls: { certificateFile: 'c', keyFile: 'k' } })).toBe('https://[::1]:1');
  });
});
