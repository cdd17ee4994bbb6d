import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Difference } from '../../network/audit/difference.js';
import { type Block, encodeOrdererMetadata } from '../../network/format/block.js';
import type { AuthorityMaterial } from '../../network/identity/authority.js';
import type { NetworkNode } from '../../network/identity/province.js';
import { issueRevocations } from '../../network/identity/revocation.js';
import { differenceOf } from '../support/audit-world.js';
import { mspItem, orderersItem, quorumItem } from '../support/channel-groups.js';
import { freshAgencyId } from '../support/contract-world.js';
import type { FabricChain } from '../support/fabric-chain.js';
import { auditedChain, auditShown, relinked } from '../support/network-world.js';

describe('an audit of a network', () => {
  let chain: FabricChain;
  /** as it was made, to begin each test from */
  let honest: readonly Block[];
  /** number of a registration in the middle */
  let middle: number;
  beforeAll(async () => {
    ({ chain, middle } = await auditedChain());
    honest = chain.blocks;
  }, 60_000);

  const audit = (of: (index: number) => readonly Block[] | undefined) => auditShown(chain, of);
  /** What differs when all provinces show these blocks. */
  const difference = (blocks: readonly Block[]): Promise<Difference> => differenceOf(audit(() => blocks));
  const exchanged = (number: number, change: Partial<Block>) =>
    honest.map((block, index) => (index === number ? { ...block, ...change } : block));
  const block = (number: number) => honest[number] as Block;

  it('finds nothing in a chain of calls, a race, and a definition, and the same with four provinces', async () => {
    expect(await audit(() => honest)).toMatchObject({
      height: honest.length,
      executed: 9,
      otherCode: 0,
      provinces: ['ShanghaiMSP', 'JiangsuMSP', 'ZhejiangMSP', 'AnhuiMSP'].map((mspId) => ({ mspId, equalUpTo: honest.length })),
    });
  });

  it('finds a value that three provinces and the orderers changed together', async () => {
    const copy = await chainCopy();
    const lie = (value?: Uint8Array) => Buffer.from(String(value).replace('certificate-issuer', 'data-user'));
    const writes = (all: readonly { key: string; value: Uint8Array | undefined }[]) =>
      all.map((write) => (write.key === `agency~${copy.agencyId}` ? { ...write, value: lie(write.value) } : write));
    await copy.chain.add([await copy.chain.register({ writes }, copy.agencyId)]);
    expect(await differenceOf(copy.audit())).toMatchObject({
      check: 'execution',
      block: copy.chain.blocks.length - 1,
      key: `agency~${copy.agencyId}`,
      problem: expect.stringContaining('its write set is not what the contract writes'),
    });
  });

  it('finds a block that is not there any more, its links as they were, and made right by the orderers', async () => {
    const without = honest.filter((_, index) => index !== middle);
    expect(await difference(without)).toMatchObject({ check: 'link', block: middle, found: `block ${middle + 1}` });
    expect(await difference(await relinked(chain, without))).toMatchObject({ check: 'commit-hash', block: middle });
  });

  it('finds two blocks that changed places', async () => {
    const swapped = [...honest];
    [swapped[middle], swapped[middle - 1]] = [block(middle - 1), block(middle)];
    expect(await difference(swapped)).toMatchObject({ check: 'link', block: middle - 1 });
    expect(await difference(await relinked(chain, swapped))).toMatchObject({ check: 'commit-hash', block: middle - 1 });
  });

  it('finds an endorsement by a client, and one whose contract answered otherwise, that were marked valid', async () => {
    const client = await chain.node(2, 'client');
    const byClient = await chainCopy();
    const [one, two, three] = byClient.chain.peers as [NetworkNode, NetworkNode, NetworkNode];
    await byClient.chain.add([await byClient.chain.register({ peers: [one, two, client] })]);
    expect(await differenceOf(byClient.audit())).toMatchObject({
      check: 'validation-code',
      expected: 'ENDORSEMENT_POLICY_FAILURE',
      found: 'VALID',
      problem: expect.stringContaining('ShanghaiMSP.peer, JiangsuMSP.peer, ZhejiangMSP.client endorsed it'),
    });
    const otherwise = await chainCopy();
    const other = { peer: three, writes: () => [] };
    await otherwise.chain.add([await otherwise.chain.register({ peers: [one, two, three], other })]);
    expect(await differenceOf(otherwise.audit())).toMatchObject({
      check: 'validation-code',
      expected: 'ENDORSEMENT_POLICY_FAILURE',
      problem: expect.stringContaining("endorsement 2 has no signature of ZhejiangMSP's peer that holds"),
    });
  });

  it('finds a validation code that was turned, either way', async () => {
    expect(await difference(exchanged(middle, { filter: Uint8Array.of(11) }))).toMatchObject({
      check: 'validation-code',
      block: middle,
      expected: 'VALID',
      found: 'MVCC_READ_CONFLICT',
    });
    expect(await difference(exchanged(middle + 1, { filter: Uint8Array.of(0, 0) }))).toMatchObject({
      check: 'validation-code',
      position: 1,
      expected: 'MVCC_READ_CONFLICT',
      found: 'VALID',
    });
  });

  it('finds a transaction that stands twice, and one by an agency whose certificate is revoked', async () => {
    const copy = await chainCopy();
    const made = await copy.chain.register();
    await copy.chain.add([made]);
    await copy.chain.add([made]);
    expect(await differenceOf(copy.audit())).toMatchObject({
      check: 'validation-code',
      expected: 'DUPLICATE_TXID',
      found: 'VALID',
    });
    const revoked = await chainCopy();
    const authority = chain.authorities[0] as AuthorityMaterial;
    const serial = new X509Certificate((chain.registrars[0] as NetworkNode).certificate).serialNumber;
    const values = { MSP: mspItem(authority, [await issueRevocations(authority, [serial], Date.now())]) };
    const own = ['Application', 'Orderer'].map((group) => ({ path: [group, authority.mspId], values }));
    await revoked.chain.reconfigure(own, chain.admins.slice(0, 1));
    expect(await revoked.audit()).toMatchObject({ height: honest.length + 1 });
    await revoked.chain.add([await revoked.chain.register()]);
    expect(await differenceOf(revoked.audit())).toMatchObject({ check: 'validation-code', expected: 'BAD_CREATOR_SIGNATURE' });
  });

  it('finds a commit hash that is not that of the writes', async () => {
    expect(await difference(exchanged(middle, { commitHash: Buffer.alloc(32, 7) }))).toMatchObject({
      check: 'commit-hash',
      block: middle,
      found: '07'.repeat(32),
    });
  });

  it('finds two orderers’ signatures only, and other data than was signed', async () => {
    const two = { signatures: block(middle).signatures.slice(0, 2) };
    expect(await difference(exchanged(middle, two))).toMatchObject({
      check: 'orderers',
      block: middle,
      problem: expect.stringContaining('2 orderers signed it, not 3'),
    });
    expect(await difference(exchanged(middle, { data: block(middle - 1).data }))).toMatchObject({
      check: 'data-hash',
      block: middle,
    });
  });

  it('finds signatures of orderers who were replaced, and a configuration that is not the one in force', async () => {
    const copy = await chainCopy();
    const orderers = await Promise.all([0, 1].map((index) => chain.orderer(index)));
    const after = [...orderers, ...chain.orderers.slice(2)];
    const values = { Orderers: orderersItem(after) };
    const policies = { BlockValidation: quorumItem(after) };
    await copy.chain.reconfigure([{ path: ['Orderer'], values, policies }], chain.admins, after);
    await copy.chain.add([await copy.chain.register()]);
    expect(await copy.audit()).toMatchObject({ height: honest.length + 2 });
    const last = copy.chain.blocks.at(-1) as Block;
    const before = await chain.signed(last);
    const shown = (end: Block) => differenceOf(copy.audit(() => [...copy.chain.blocks.slice(0, -1), end]));
    expect(await shown(before)).toMatchObject({ check: 'orderers', found: 'ZhejiangMSP' });
    const under = await copy.chain.signed({ ...last, ordererMetadata: encodeOrdererMetadata(0) });
    expect(await shown(under)).toMatchObject({ check: 'configuration', problem: expect.stringContaining('of block 0, not of') });
  });

  it('finds a configuration that too few administrators signed, and one that is not what was signed', async () => {
    const few = await chainCopy();
    const values = { BatchSize: { content: Buffer.from([8, 20]), modPolicy: 'Admins' } };
    const change = { path: ['Orderer'], values };
    await few.chain.reconfigure([change], chain.admins.slice(0, 2));
    expect(await differenceOf(few.audit())).toMatchObject({
      check: 'configuration',
      problem: expect.stringContaining(
        'Admins did not sign for value Orderer/BatchSize: ShanghaiMSP.admin, JiangsuMSP.admin did',
      ),
    });
    const enough = await chainCopy();
    await enough.chain.reconfigure([change], chain.admins.slice(1));
    expect(await enough.audit()).toMatchObject({ height: honest.length + 1 });
    const two = { Orderers: orderersItem(chain.orderers) };
    const three = await chainCopy();
    await three.chain.reconfigure([{ path: ['Orderer'], values: two }], chain.admins.slice(1));
    expect(await differenceOf(three.audit())).toMatchObject({ problem: expect.stringContaining('AllProvinces did not sign') });
  });

  it('finds a province whose peer holds another history, and says who says what', async () => {
    const other = await chainCopy();
    const forked = other.chain.blocks.slice(0, middle);
    other.chain.blocks = forked;
    await other.chain.add([await other.chain.register()]);
    const found = await differenceOf(audit((index) => (index === 2 ? other.chain.blocks : honest)));
    expect(found).toMatchObject({ check: 'split-view', block: middle });
    expect(found.problem).toMatch(
      /ShanghaiMSP, JiangsuMSP, AnhuiMSP: [0-9a-f]{64}, commit hash [0-9a-f]{64}; ZhejiangMSP: [0-9a-f]{64}/,
    );
  });

  it('finds it too when that peer says nothing more once it has shown one other block', async () => {
    const other = exchanged(honest.length - 1, { commitHash: Buffer.alloc(32, 7) });
    let shown = false;
    const once = (index: number) => {
      if (index !== 2) return honest;
      const silent = shown;
      // Its height, and the block; then nothing.
      return new Proxy(other, {
        get: (blocks, key) => {
          if (key === 'length') return blocks.length;
          if (silent) return undefined;
          shown = true;
          return Reflect.get(blocks, key);
        },
      });
    };
    const found = await differenceOf(audit(once));
    expect(found).toMatchObject({ check: 'split-view', found: expect.stringContaining('07'.repeat(32)) });
  });

  it('finds a peer whose state is another under the same blocks', async () => {
    const other = exchanged(middle, { commitHash: Buffer.alloc(32, 7) });
    const found = await differenceOf(audit((index) => (index === 3 ? other.slice(0, middle + 1) : honest)));
    expect(found).toMatchObject({ check: 'split-view', block: middle, found: expect.stringContaining('07'.repeat(32)) });
  });

  it('says who else has what differs: one peer that lies is told from a chain that is wrong', async () => {
    const turned = exchanged(middle, { filter: Uint8Array.of(11) });
    const { problem } = await differenceOf(audit((index) => (index === 0 ? turned : honest)));
    expect(problem).toContain('it is marked MVCC_READ_CONFLICT and deserves VALID');
    expect(problem).toContain('ShanghaiMSP, JiangsuMSP, ZhejiangMSP, AnhuiMSP: ');
  });

  it('reads from another province while home is away, and tells which was not compared', async () => {
    const { provinces, height, notCompared } = await audit((index) => (index === 0 ? undefined : honest));
    expect(height).toBe(honest.length);
    expect(provinces[0]).toEqual({ mspId: 'ShanghaiMSP', height: undefined, equalUpTo: 0 });
    expect(notCompared).toEqual(['ShanghaiMSP']);
    const behind = await audit((index) => (index === 3 ? honest.slice(0, middle) : honest));
    expect(behind.notCompared).toEqual(['AnhuiMSP']);
    await expect(audit(() => undefined)).rejects.toMatchObject({ name: 'CannotTell' });
  });

  /** The same keys and blocks, to go on from. */
  async function chainCopy() {
    const copy = chain.copy();
    const own = (of: (index: number) => readonly Block[] | undefined = () => copy.blocks) => auditShown(copy, of);
    return { chain: copy, audit: own, agencyId: freshAgencyId('310000') };
  }
});
