import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { provincePaths } from '../../network/definition/network-folder.js';
import { issueCertificate } from '../../network/identity/authority.js';
import { readAuthority } from '../../network/identity/files.js';
import { tlsFiles } from '../../network/operation/renewal.js';
import { status } from '../../network/operation/status.js';
import { CODE, type FakeHost, fakeHost } from '../support/fake-host.js';
import { network } from '../support/network-command.js';

const SHORT_MS = 600;

describe('the status on a province’s own host', { timeout: 60_000 }, () => {
  let home: string;
  let host: FakeHost;
  const look = (patience = SHORT_MS) => status(host.root, patience);

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'network-status-'));
    host = await fakeHost(home);
    vi.stubEnv('FABRIC_BIN', host.programs);
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await host.close();
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => {
    Object.assign(host.own, { peer: 20, orderer: 20 });
    host.tell(host.others, 'both', 20);
  });

  it('asks the other provinces’ nodes, and is well when all have the same', async () => {
    expect(await look()).toMatchObject({
      healthy: true,
      leader: 'shanghai',
      provinces: [{ slug: 'anhui', peerHeight: 20, ordererHeight: 20, codeDigest: CODE, expiring: [] }],
      others: ['shanghai', 'jiangsu', 'zhejiang'].map((slug) => ({ slug, peerHeight: 20, ordererHeight: 20 })),
      behind: [],
    });
    expect(await network(['status', '--folder', host.root])).toMatchObject({ code: 0, complaint: '' });
  });

  it('is not well when its orderer stays behind the others’ nodes, or behind its own peer', async () => {
    host.own.orderer = 7;
    const behind = [{ slug: 'anhui', node: 'orderer', height: 7, wanted: 20 }];
    host.tell(host.others, 'peer', undefined);
    expect(await look()).toMatchObject({ healthy: false, behind });
    host.tell(host.others, 'orderer', undefined);
    expect(await look()).toMatchObject({ healthy: false, behind });
  });

  it('is not well when its peer stays behind, by one block already, of the others’ or of its own orderer', async () => {
    host.tell(host.others.slice(0, 1), 'peer', 21);
    expect(await look()).toMatchObject({
      healthy: false,
      behind: [{ slug: 'anhui', node: 'peer', height: 20, wanted: 21 }],
    });
    host.tell(host.others, 'both', 20);
    host.own.peer = 19;
    expect(await look()).toMatchObject({
      healthy: false,
      behind: [{ slug: 'anhui', node: 'peer', height: 19, wanted: 20 }],
    });
  });

  it('is well when they catch up with what the network had, however far that has gone on meanwhile', async () => {
    Object.assign(host.own, { peer: 7, orderer: 7 });
    setTimeout(() => {
      host.tell(host.others, 'both', 40);
      Object.assign(host.own, { peer: 20, orderer: 19 });
    }, 2500);
    expect(await look(20_000)).toMatchObject({ healthy: true, behind: [], provinces: [{ peerHeight: 20, ordererHeight: 19 }] });
  });

  it('is well without one other province, and not when nothing can be ordered for want of two', async () => {
    host.tell(host.others.slice(0, 1), 'both', undefined);
    expect(await look()).toMatchObject({ healthy: true, others: [{ peerHeight: null, ordererHeight: null }, {}, {}] });
    host.tell(host.others.slice(1, 2), 'orderer', 'no block');
    expect(await look()).toMatchObject({ healthy: false, others: [{}, { peerHeight: 20, ordererHeight: null }, {}] });
  });

  describe('with a certificate that', () => {
    const folder = () => provincePaths(host.root, 'anhui');
    const file = () => tlsFiles(folder().peer).certificate;
    let before: string;
    beforeEach(() => {
      before = readFileSync(file(), 'utf8');
    });
    afterEach(() => writeFileSync(file(), before));

    it.each([
      ['ran out', -1, false, 'has run out: npm run network -- rotate anhui peer-tls'],
      ['runs out within a week', 6.5, false, 'runs out within 7 days: npm run network -- rotate anhui peer-tls'],
      ['holds for a week and longer', 7.5, true, ''],
    ])('%s', async (_, days, healthy, said) => {
      const authority = readAuthority(folder().tlsCa, 'AnhuiMSP');
      const publicKey = new X509Certificate(before).publicKey.export({ type: 'spki', format: 'pem' }).toString();
      const now = Date.now() + days * 86_400_000 - 30 * 86_400_000;
      const request = { commonName: 'peer.anhui', unit: 'peer' as const, publicKey, days: 30, now };
      writeFileSync(file(), await issueCertificate(authority, request));
      const found = await look();
      expect([found.healthy, found.provinces[0]?.expiring.map(({ certificate }) => certificate)]).toEqual([
        healthy,
        healthy ? [] : ['peer/tls/certificate.pem'],
      ]);
      const { code, output } = await network(['status', '--folder', host.root]);
      expect(code).toBe(healthy ? 0 : 1);
      if (said) expect(output).toContain(`anhui's peer/tls/certificate.pem ${said}\n`);
      else expect(output).not.toContain('npm run network -- rotate');
    });
  });
});
