import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Member } from '../../network/definition/definition.js';
import { committedChaincode } from '../../network/operation/deploy-chaincode.js';
import { openNetwork } from '../../network/operation/open-network.js';
import { levelOrderers } from '../../network/operation/orderer-height.js';
import { startOf } from '../../network/operation/process-record.js';
import { locate } from '../../network/operation/programs.js';
import type { NetworkStatus, ProvinceStatus } from '../../network/operation/status.js';
import { finishUpgrade, upgradeProvince } from '../../network/operation/upgrade-chaincode.js';
import { foundNetwork } from '../support/ceremony.js';
import { freeBasePort } from '../support/free-ports.js';
import { fabricMissing, type Outcome, network as run } from '../support/network-command.js';

const PATIENCE = 600_000;
const missing = fabricMissing() ?? (locate('configtxlator') ? undefined : "Fabric's configtxlator is not here");
/** Four hosts on one machine: the system has all of 127.0.0.0/8. */
const HOSTS = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
const SLUGS = ['shanghai', 'jiangsu', 'zhejiang', 'anhui'] as const;
type Slug = (typeof SLUGS)[number];

/** The compiled module: it copies the compiled service beside itself. */
const compiled = <T>(path: string) => import(resolve('dist/network', path)) as Promise<T>;

describe('four provinces, each with its own folder and nobody else’s keys', { timeout: PATIENCE }, () => {
  let home: string;
  let other: string | undefined;
  const folderOf = (slug: Slug) => join(home, 'folders', slug);
  /** A command as the operator of a province gives it on its host. */
  const on = (slug: Slug, ...words: string[]): Promise<Outcome> => run([...words, '--folder', folderOf(slug)]);
  const statusOf = async (slug: Slug): Promise<NetworkStatus> => JSON.parse((await on(slug, 'status', '--json')).output);
  const operated = (slug: Slug) => {
    const network = openNetwork(folderOf(slug));
    return { network, member: network.operated[0] as Member };
  };
  const certificate = () => readFileSync(join(folderOf('anhui'), 'provinces/anhui/orderer/tls/certificate.pem'), 'utf8');
  const prepared = () => join(folderOf('anhui'), 'provinces/anhui/orderer/prepared/tls/key.pem');

  const eventually = (holds: () => Promise<unknown>) => vi.waitFor(holds, { timeout: PATIENCE, interval: 200 });
  /** Peers at one height, orderers too but for a block that they will be told of with the next. */
  async function level(): Promise<void> {
    await eventually(async () => {
      const all = await Promise.all(SLUGS.map(statusOf));
      const provinces = all.map((status) => status.provinces[0] as ProvinceStatus);
      expect(new Set(provinces.map(({ peerHeight }) => peerHeight)).size).toBe(1);
      expect(levelOrderers(provinces.map(({ ordererHeight }) => ordererHeight ?? undefined))).toBe(true);
    });
  }

  beforeAll(async () => {
    if (missing) return;
    home = mkdtempSync(join(tmpdir(), 'four-hosts-'));
    const took = await foundNetwork(home, {
      hosts: HOSTS,
      basePort: await freeBasePort(),
      folderOf: (slug) => folderOf(slug as Slug),
    });
    expect(new Set(took.map((text) => text.split('\n').slice(0, 5).join())).size).toBe(1);
    const brought = await Promise.all(SLUGS.map((slug) => on(slug, 'up')));
    expect(brought.map(({ complaint }) => complaint)).toEqual(['', '', '', '']);
  }, PATIENCE);
  afterAll(async () => {
    if (missing) return;
    for (const slug of SLUGS) if (existsSync(folderOf(slug))) await on(slug, 'down');
    for (const folder of [home, other]) if (folder) rmSync(folder, { recursive: true, force: true });
  }, PATIENCE);

  it.for([['rotate anhui orderer-tls'], ['rotate anhui orderer-new-key'], ['replace-orderer anhui']])(
    '%s alone says who has to sign and how, and stops and prepares nothing',
    async ([command = ''], test) => {
      if (missing) return test.skip(missing);
      const before = await statusOf('anhui');
      const { code, complaint } = await on('anhui', ...command.split(' '));
      expect([code, complaint]).toEqual([
        1,
        `${folderOf('anhui')} has no key of shanghai, jiangsu, zhejiang, and nothing was done: each province signs on its own host (--update FILE, sign-update, send-update, as network/runbooks says)\n`,
      ]);
      expect((await statusOf('anhui')).provinces[0]?.processes).toEqual(before.provinces[0]?.processes);
      expect(existsSync(prepared())).toBe(false);
    },
  );

  it.for([['rotate shanghai peer'], ['replace-orderer shanghai'], ['rebuild-peer shanghai'], ['upgrade shanghai']])(
    '%s is refused in the folder of another province',
    async ([command = ''], test) => {
      if (missing) return test.skip(missing);
      const { code, complaint } = await on('anhui', ...command.split(' '));
      expect([code, complaint]).toEqual([
        1,
        `${folderOf('anhui')} has no key of shanghai, and nothing was done: give the command in that province's folder\n`,
      ]);
    },
  );

  it('an orderer’s TLS key is replaced by an update that goes round; each is told what it signs', async (test) => {
    if (missing) return test.skip(missing);
    const file = join(home, 'orderer-tls.update');
    const before = certificate();
    const { orderer } = (await statusOf('anhui')).provinces[0]?.processes ?? {};
    const written = await on('anhui', 'rotate', 'anhui', 'orderer-tls', '--update', file);
    expect(written.complaint).toBe('');
    expect(certificate()).toBe(before);
    const words = written.output.split('\n').filter((line) => line.startsWith('changes '));
    expect(
      words.map((line) => line.replace(/certificate of "orderer\.anhui" by "\S+", until [\d-]+, SHA-256 \S+/g, 'CERTIFICATE')),
    ).toEqual([
      'changes Channel/Orderer, Orderers: value.consenter_mapping.3.client_tls_cert: CERTIFICATE → CERTIFICATE',
      'changes Channel/Orderer, Orderers: value.consenter_mapping.3.server_tls_cert: CERTIFICATE → CERTIFICATE',
    ]);

    for (const [index, slug] of SLUGS.slice(0, 3).entries()) {
      const signed = await on(slug, 'sign-update', file);
      expect(signed.complaint).toBe('');
      expect(signed.output).toBe(
        `${words.join('\n')}\nsigned by ${['ShanghaiMSP', 'JiangsuMSP', 'ZhejiangMSP'].slice(0, index + 1).join(', ')}\n`,
      );
    }
    const early = await on('zhejiang', 'send-update', file);
    expect(early.code).toBe(1);
    expect(early.complaint).toContain("3 sub-policies were satisfied, but this policy requires 4 of the 'Admins' sub-policies");
    const waits = await on('anhui', 'rotate', 'anhui', 'orderer-tls');
    expect([waits.code, certificate()]).toEqual([1, before]);
    expect((await statusOf('anhui')).provinces[0]?.processes.orderer).toBe(orderer);

    expect((await on('anhui', 'sign-update', file)).output).toContain('signed by ShanghaiMSP, JiangsuMSP, ZhejiangMSP, AnhuiMSP');
    expect((await on('anhui', 'send-update', file)).complaint).toBe('');
    const done = await on('anhui', 'rotate', 'anhui', 'orderer-tls');
    expect([done.code, done.complaint]).toEqual([0, '']);
    expect(certificate()).not.toBe(before);
    expect([startOf(orderer as number), existsSync(prepared())]).toEqual([undefined, false]);
    await level();

    const again = await on('jiangsu', 'sign-update', file);
    expect([again.code, again.complaint]).toEqual([
      1,
      `the channel has all of ${file} already: give the command that wrote it again\n`,
    ]);
  });

  it('an update that was made from an earlier configuration, or is none, is not signed', async (test) => {
    if (missing) return test.skip(missing);
    const [late, other] = [join(home, 'late.update'), join(home, 'other.update')];
    expect((await on('anhui', 'rotate', 'anhui', 'orderer-new-key', '--update', late)).complaint).toBe('');
    expect((await on('jiangsu', 'rotate', 'jiangsu', 'orderer-new-key', '--update', other)).complaint).toBe('');
    for (const slug of SLUGS) expect((await on(slug, 'sign-update', other)).complaint).toBe('');
    const kept = join(home, 'kept');
    copyFileSync(late, kept);
    expect((await on('jiangsu', 'send-update', other)).complaint).toBe('');
    expect((await on('jiangsu', 'rotate', 'jiangsu', 'orderer-new-key')).complaint).toBe('');
    const refused = await on('shanghai', 'sign-update', late);
    expect([refused.code, refused.complaint]).toEqual([
      1,
      `${late} was made from another configuration than the channel has now: have it written anew, with --update\n`,
    ]);
    expect(readFileSync(late)).toEqual(readFileSync(kept));
    writeFileSync(late, 'no update');
    const none = await on('shanghai', 'sign-update', late);
    expect([none.code, none.complaint]).toEqual([
      1,
      `${late} is no update of the channel delta: name the file that --update wrote\n`,
    ]);
    await level();
  });

  it('the chaincode gets another version as soon as three hosts approved it; the fourth comes after', async (test) => {
    if (missing) return test.skip(missing);
    const { anotherBuild } = await compiled<typeof import('../../network/operation/rehearsal/another-build.js')>(
      'operation/rehearsal/another-build.js',
    );
    const { build, folder } = anotherBuild();
    other = folder;
    for (const slug of SLUGS.slice(0, 3)) {
      const { network, member } = operated(slug);
      await upgradeProvince(network, member, build);
    }
    const said: (readonly string[])[] = [];
    for (const slug of SLUGS.slice(0, 3)) said.push(await finishUpgrade(operated(slug).network, build));
    expect(said).toEqual([['JiangsuMSP', 'ZhejiangMSP', 'AnhuiMSP'], ['ZhejiangMSP', 'AnhuiMSP'], []]);
    const { network, member } = operated('anhui');
    await eventually(async () => {
      expect(await committedChaincode(network, member)).toMatchObject({ version: build.version, sequence: 2 });
    });
    expect(await finishUpgrade(network, build)).toEqual([]);
    expect(await finishUpgrade(network, build)).toEqual([]);
    await eventually(async () => {
      const all = await Promise.all(SLUGS.map(statusOf));
      expect(all.map(({ provinces }) => provinces[0]?.codeDigest)).toEqual(Array(4).fill(build.codeDigest));
    });
  });

  it('a peer is rebuilt from block 0 on its own host', async (test) => {
    if (missing) return test.skip(missing);
    expect(await on('anhui', 'rebuild-peer', 'anhui')).toMatchObject({ code: 0, complaint: '' });
    await level();
  });
});
