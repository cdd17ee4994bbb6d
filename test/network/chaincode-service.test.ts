import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import type { ServiceSettings } from '../../network/chaincode-service/settings.js';
import { chaincodePackage } from '../../network/definition/chaincode-package.js';
import { defineNetwork, type Member } from '../../network/definition/definition.js';
import { makeIdentities } from '../../network/definition/identities.js';
import { writeNodeFiles } from '../../network/definition/node-files.js';
import { freeBasePort } from '../support/free-ports.js';

const SERVICE = resolve('dist/network/chaincode-service/main.js');

/** Content of the files in a gzipped tar, by name. */
function unpacked(archive: Buffer): Map<string, Buffer> {
  const tar = gunzipSync(archive);
  const files = new Map<string, Buffer>();
  for (let at = 0; (tar[at] ?? 0) !== 0; ) {
    const name = tar.toString('latin1', at, at + 100).replaceAll('\0', '');
    const size = Number.parseInt(tar.toString('latin1', at + 124, at + 135), 8);
    files.set(name, tar.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

describe('the chaincode’s package', () => {
  it('names the code and nothing of a province’s own', () => {
    const { bytes, id } = chaincodePackage();
    const outer = unpacked(bytes);
    const [label] = id.split(':');
    expect([...outer.keys()]).toEqual(['metadata.json', 'code.tar.gz']);
    expect(JSON.parse(String(outer.get('metadata.json')))).toEqual({ type: 'ccaas', label });
    const inner = unpacked(outer.get('code.tar.gz') as Buffer);
    expect([...inner].map(([name, content]) => [name, String(content)])).toEqual([
      ['code.json', `{"codeDigest":"${CODE_DIGEST}"}\n`],
    ]);
  });

  it('has an id that only the code decides', () => {
    expect(chaincodePackage('a'.repeat(64), '1-a').id).toBe(chaincodePackage('a'.repeat(64), '1-a').id);
    expect(chaincodePackage('b'.repeat(64), '1-a').id).not.toBe(chaincodePackage('a'.repeat(64), '1-a').id);
    const { bytes, id } = chaincodePackage();
    expect(id.split(':')[1]).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

describe('a chaincode service', () => {
  let root: string;
  let port: number;
  let service: ChildProcess;
  const file = (slug: string, path: string) => join(root, 'provinces', slug, path);
  const read = (slug: string, path: string) => readFileSync(file(slug, path));

  function start(settings: string): ChildProcess {
    return spawn(process.execPath, [SERVICE, settings], { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'chaincode-service-'));
    const { members } = defineNetwork({ basePort: await freeBasePort() });
    const [shanghai, jiangsu] = members as readonly [Member, Member];
    port = shanghai.ports.chaincode;
    for (const member of [shanghai, jiangsu]) await makeIdentities(root, member, Date.now());
    writeNodeFiles(root, shanghai, chaincodePackage().id);
    service = start(file('shanghai', 'chaincode/service.json'));
    await new Promise((ready, failed) => {
      service.stdout?.once('data', ready);
      service.once('exit', failed);
    });
  });
  afterAll(() => {
    service.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  });

  /** What a client gets from the service: HTTP/2's first bytes, or the alert that ends it. */
  function greet(identity: { key?: Buffer; cert?: Buffer }): Promise<string> {
    return new Promise((settle) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        ca: read('shanghai', 'tls-ca/certificate.pem'),
        ALPNProtocols: ['h2'],
        ...identity,
      });
      socket.once('data', () => {
        settle('served');
        socket.destroy();
      });
      socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
      socket.once('close', () => settle('closed'));
      socket.once('secureConnect', () => socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'));
    });
  }
  const pair = (slug: string, path: string) => ({
    key: read(slug, `${path}/key.pem`),
    cert: read(slug, `${path}/certificate.pem`),
  });

  it('serves the peer of its province', async () => {
    expect(await greet(pair('shanghai', 'peer/chaincode-client'))).toBe('served');
  });

  it.each([
    ['the peer of another province', () => pair('jiangsu', 'peer/chaincode-client')],
    ['an identity of its own province’s TLS authority', () => pair('shanghai', 'peer/tls')],
    ['another one, of the administrator', () => pair('shanghai', 'admin/tls')],
    ['nobody at all', () => ({})],
  ])('does not serve %s', async (_who, identity) => {
    expect(await greet(identity())).not.toBe('served');
  });

  it('does not start as another package than this build’s', async () => {
    const settings = JSON.parse(read('shanghai', 'chaincode/service.json').toString()) as ServiceSettings;
    const other = file('shanghai', 'chaincode/other.json');
    writeFileSync(other, JSON.stringify({ ...settings, packageId: `trust_1:${'0'.repeat(64)}` }));
    const child = start(other);
    let complaint = '';
    child.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    expect(await new Promise((settle) => child.once('close', settle))).toBe(1);
    expect(complaint).toContain('run the build that the provinces approved');
  });
});
