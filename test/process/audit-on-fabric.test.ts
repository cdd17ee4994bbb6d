import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agency } from '../../scripts/demo/agencies.js';
import { networkMissing } from '../support/fabric-network.js';
import { allCaughtUp, commandIn, freshFolder, ROOT, startServer } from '../support/first-run.js';
import { type OwnNetwork, ownNetwork } from '../support/own-network.js';

const missing = networkMissing();
const PATIENCE = 600_000;
// The compiled modules: they start the compiled services beside themselves.
const compiled = <T>(path: string) => import(join(ROOT, 'dist/network', path)) as Promise<T>;

describe('an audit of a live network', { timeout: PATIENCE }, () => {
  let network: OwnNetwork;
  let height = 0;
  const dataDir = freshFolder();
  const kept = (name: string) => join(dataDir, name);

  beforeAll(async () => {
    if (missing) return;
    network = await ownNetwork();
    const server = await startServer(dataDir, { LEDGER: 'fabric', FABRIC_PROFILE: network.profile() });
    try {
      await allCaughtUp(server.url);
      await anchorAndKeep(server.url, server.port);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  }, PATIENCE);
  afterAll(() => network?.remove(), PATIENCE);

  /** Records anchored over HTTP, their proof, a receipt, the trust file and a checkpoint. */
  async function anchorAndKeep(url: string, port: number): Promise<void> {
    const environment = { LEDGER: 'fabric', FABRIC_PROFILE: network.profile() };
    const { stdout } = commandIn(environment, 'token', dataDir, port, agency('shanghai.portal').agencyId);
    const headers = { authorization: `Bearer ${stdout.trim()}`, 'content-type': 'application/x-ndjson' };
    const line = (index: number) => ({
      recordId: `live-${index}`,
      kind: 'milestone',
      occurredAt: '2026-11-02T01:02:03Z',
      digest: { alg: 'sha-256', value: createHash('sha256').update(String(index)).digest('hex') },
    });
    const body = Array.from({ length: 40 }, (_, index) => JSON.stringify(line(index))).join('\n');
    const anchored = await fetch(`${url}/v1/anchors?wait=true`, { method: 'POST', headers, body });
    expect(await anchored.json()).toMatchObject({ accepted: 40, rejected: [] });
    const get = async (path: string) => (await fetch(`${url}${path}`, { headers })).text();
    const proof = await get('/v1/anchors/live-7');
    writeFileSync(kept('proof.json'), proof);
    writeFileSync(kept('trust.json'), await get('/v1/trust-anchors'));
    const transaction = (JSON.parse(proof) as { transaction: { id: string } }).transaction.id;
    writeFileSync(kept('receipt.json'), await get(`/v1/receipts/${transaction}`));
    const checkpoint = await get('/v1/checkpoints/latest');
    writeFileSync(kept('checkpoint.json'), checkpoint);
    const { statements, stateHash, height: blocks } = JSON.parse(checkpoint);
    expect(statements.map(({ mspId }: { mspId: string }) => mspId).sort()).toEqual([
      'AnhuiMSP',
      'JiangsuMSP',
      'ShanghaiMSP',
      'ZhejiangMSP',
    ]);
    expect(new Set(statements.map((one: { stateHash: string }) => one.stateHash))).toEqual(new Set([stateHash]));
    height = blocks;
  }

  function run(name: string, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join('dist/scripts', `${name}.js`), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: PATIENCE,
    });
    return { status, stderr, out: stdout };
  }
  const audit = (...args: string[]) => run('audit', '--fabric', network.profile(), '--json', ...args);

  it('finds nothing in the demonstration, the tables of its API, and against a checkpoint that four provinces signed', (test) => {
    if (missing) return test.skip(missing);
    const { status, out, stderr } = audit('--data', dataDir, '--checkpoint', kept('checkpoint.json'));
    expect([status, stderr.includes('differ')]).toEqual([0, false]);
    expect(JSON.parse(out)).toMatchObject({ verdict: 'holds', projection: 'compared', otherCode: 0 });
    expect(JSON.parse(out).executed).toBeGreaterThan(100);
  });

  it('finds a province whose word in a checkpoint was changed', (test) => {
    if (missing) return test.skip(missing);
    const text = JSON.stringify(JSON.parse(readFileSync(kept('checkpoint.json'), 'utf8')), (name, value) =>
      name === 'statements'
        ? value.map((one: object, index: number) => (index === 2 ? { ...one, stateHash: 'ab'.repeat(32) } : one))
        : value,
    );
    writeFileSync(kept('changed.json'), text);
    const { status, out } = audit('--checkpoint', kept('changed.json'));
    expect(status).toBe(1);
    expect(JSON.parse(out).difference).toMatchObject({ check: 'checkpoint', block: height - 1, found: 'ab'.repeat(32) });
  });

  it('leaves an anchored record’s proof and a receipt, got over HTTP, that hold offline', (test) => {
    if (missing) return test.skip(missing);
    for (const name of ['proof.json', 'receipt.json']) {
      const { status, out } = run('verify', kept(name), '--trust', kept('trust.json'), '--lang', 'en');
      expect([name, status]).toEqual([name, 0]);
      expect(out).toContain('assurance: bft-4');
    }
  });

  it('finds nothing either after the channel’s configuration changed and four provinces took other code', async (test) => {
    if (missing) return test.skip(missing);
    const operation = await compiled<typeof import('../../network/operation/open-network.js')>('operation/open-network.js');
    const update = await compiled<typeof import('../../network/operation/channel-update.js')>('operation/channel-update.js');
    const upgrade =
      await compiled<typeof import('../../network/operation/upgrade-chaincode.js')>('operation/upgrade-chaincode.js');
    const other = await compiled<typeof import('../../network/operation/rehearsal/another-build.js')>(
      'operation/rehearsal/another-build.js',
    );
    const stages = await compiled<typeof import('../../network/operation/rehearsal/stage.js')>('operation/rehearsal/stage.js');
    const opened = operation.openNetwork(network.root);
    const three = opened.definition.members.slice(0, 3) as unknown as Parameters<typeof update.updateChannel>[1];
    await update.updateChannel(opened, three, (config) => {
      const size = config.channel_group.groups.Orderer?.values.BatchSize?.value as { max_message_count: number };
      size.max_message_count = 400;
    });
    const { build, folder } = other.anotherBuild();
    try {
      await upgrade.finishUpgrade(opened, build);
      const stage = new stages.Stage(opened, () => undefined);
      for (const member of opened.definition.members) await stage.agency(member, ['case-handler']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    const { status, out } = audit('--checkpoint', kept('checkpoint.json'));
    expect(JSON.parse(out)).toMatchObject({ verdict: 'holds', otherCode: 4 });
    expect(status).toBe(0);
  });
});
