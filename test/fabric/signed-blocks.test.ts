import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PeerNode } from '../../network/fabric/answer.js';
import { type FollowDeps, followBlocks } from '../../network/fabric/follow.js';
import { Horizon } from '../../network/fabric/horizon.js';
import { type Block, dataHash, decodeBlock, encodeBlock, encodeOrdererMetadata } from '../../network/format/block.js';
import { signatureFault } from '../../network/identity/block-signatures.js';
import { inForce } from '../../network/identity/in-force.js';
import { ConfigurationTrail, channelOfGenesis } from '../../network/identity/trail.js';
import { BftChain, type Orderer } from '../support/bft-chain.js';

const SHANGHAI = { mspId: 'ShanghaiMSP', name: 'the liar', isUp: true } as unknown as PeerNode;
const JIANGSU = { mspId: 'JiangsuMSP', name: 'the honest', isUp: true } as unknown as PeerNode;

describe('a block of SmartBFT’s orderers', () => {
  let chain: BftChain;
  beforeAll(async () => {
    chain = await BftChain.begin();
  });
  const channel = () => inForce(chain.blocks[0] as Block);
  const fault = async (block: Block) => signatureFault(channel(), block);
  const by = (...indexes: number[]) => chain.next(undefined, { by: indexes.map((index) => chain.orderers[index] as Orderer) });

  it('is signed by any three of the four, under their numbers', async () => {
    expect(await fault(await by(0, 1, 2))).toBeUndefined();
    expect(await fault(await by(3, 1, 2))).toBeUndefined();
    expect(await fault(await by(0, 1, 2, 3))).toBeUndefined();
  });

  it('is refused with two, with one of them twice, and with none', async () => {
    expect(await fault(await by(0, 1))).toBe('2 orderers signed it, not 3');
    expect(await fault(await by(0, 1, 1))).toBe('2 orderers signed it, not 3');
    expect(await fault(await by())).toBe('0 orderers signed it, not 3');
  });

  it('is refused when one signed under a number that is nobody’s, or another’s', async () => {
    const third = chain.orderers[2] as Orderer;
    const as = (id: number) => chain.next(undefined, { by: [...chain.orderers.slice(0, 2), { ...third, id }] });
    expect(await fault(await as(9))).toContain('signature 2 is by orderer 9, which is none of the channel');
    expect(await fault(await as(4))).toContain("signature 2 of AnhuiMSP's orderer does not hold");
  });

  it('is refused when anything that was signed is changed', async () => {
    const block = await by(0, 1, 2);
    const { header } = block;
    expect(await fault({ ...block, header: { ...header, previousHash: Buffer.alloc(32) } })).toContain('0 orderers signed it');
    expect(await fault({ ...block, ordererMetadata: Buffer.from([10, 2, 8, 7]) })).toContain('0 orderers signed it');
    const [first, ...others] = block.signatures;
    const moved = { ...first, identifierHeader: others[0]?.identifierHeader } as (typeof block.signatures)[number];
    expect(await fault({ ...block, signatures: [moved, ...others] })).toContain('2 orderers signed it');
  });

  it('keeps its signatures when it is written and read again', async () => {
    const block = await by(0, 1, 2);
    expect(await fault(decodeBlock(encodeBlock(block)))).toBeUndefined();
  });
});

describe('block 0', () => {
  let chain: BftChain;
  beforeAll(async () => {
    chain = await BftChain.begin();
  });
  const genesis = (envelope = chain.configuration()) => ({ ...(chain.blocks[0] as Block), data: [envelope] });

  it('names the pinned members, and one orderer of each', () => {
    expect(channelOfGenesis(genesis(), chain.roots).consenters.map(({ mspId }) => mspId)).toEqual([
      'ShanghaiMSP',
      'JiangsuMSP',
      'ZhejiangMSP',
      'AnhuiMSP',
    ]);
  });

  it('is refused under an authority that is not pinned, and with a member too few', async () => {
    const other = await BftChain.begin();
    expect(() => channelOfGenesis(genesis(other.configuration()), chain.roots)).toThrow('that the profile does not name');
    const three = chain.configuration(chain.orderers.slice(0, 3), chain.authorities.slice(0, 3));
    expect(() => channelOfGenesis(genesis(three), chain.roots)).toThrow('as members, the profile');
  });

  it('is refused when an orderer is a client, or another province’s', async () => {
    const client = await chain.orderer(0, 'client');
    const [, ...others] = chain.orderers;
    const named = (first: Orderer) => genesis(chain.configuration([first, ...others]));
    expect(() => channelOfGenesis(named(client), chain.roots)).toThrow('did not certify as one');
    expect(() => channelOfGenesis(named(chain.orderers[1] as Orderer), chain.roots)).toThrow('did not certify as one');
  });
});

describe('a reader of a channel whose orderers changed', () => {
  let chain: BftChain;
  let before: readonly Orderer[];
  let log: string[];
  beforeAll(async () => {
    chain = await BftChain.begin();
    before = chain.orderers;
    await chain.add();
    await chain.reconfigure([await chain.orderer(0), ...before.slice(1)]);
    await chain.add();
    await chain.reconfigure([chain.orderers[0] as Orderer, await chain.orderer(1), ...before.slice(2)]);
    await chain.add();
    await chain.add();
  });
  beforeEach(() => {
    log = [];
  });

  /** Reads from a number to the end; the first peer shows other blocks than there are. */
  async function read(from: number, lie: (block: Block) => Block | Promise<Block> = (block) => block): Promise<Block[]> {
    const shown = async (peer: PeerNode, number: number) => {
      const block = chain.blocks[number] as Block;
      return peer === SHANGHAI ? lie(block) : block;
    };
    const deps: FollowDeps = {
      peers: [SHANGHAI, JIANGSU],
      async *open(peer, first) {
        for (let number = first; number < chain.blocks.length; number += 1) yield encodeBlock(await shown(peer, number));
        await new Promise(() => undefined);
      },
      heightOf: async () => chain.blocks.length,
      blockOf: shown,
      trail: new ConfigurationTrail(chain.roots),
      horizon: new Horizon(),
      log: (line) => void log.push(line),
      closed: new AbortController().signal,
    };
    const blocks: Block[] = [];
    for await (const { block } of followBlocks(deps, from, new AbortController().signal)) {
      blocks.push(block);
      if (block.header.number === chain.blocks.length - 1) break;
    }
    return blocks.map((block) => decodeBlock(encodeBlock(block)));
  }
  const as = (from: number) => chain.blocks.slice(from).map((block) => decodeBlock(encodeBlock(block)));

  it.each([0, 1, 2, 3, 4, 5, 6])('reads from block %i on', async (from) => {
    expect(await read(from)).toEqual(as(from));
    expect(log).toEqual([]);
  });

  it.each([
    ['the orderers before the change', 3, 2, () => before.slice(0, 3), '2 orderers signed it, not 3'],
    ['orderers who were replaced', 5, 4, () => before.slice(0, 3), '1 orderers signed it, not 3'],
    ['the right ones under a configuration before', 5, 2, () => chain.orderers.slice(0, 3), 'configuration of block 2, not of 4'],
    ['two orderers', 6, 4, () => chain.orderers.slice(2), '2 orderers signed it, not 3'],
  ])('takes no block signed by %s, and asks another peer', async (_, number, lastConfig, by, problem) => {
    const block = chain.blocks[number] as Block;
    const lie = await chain.signed({ ...block, ordererMetadata: encodeOrdererMetadata(lastConfig) }, by());
    const lying = (shown: Block) => (shown.header.number === number ? lie : shown);
    for (const from of [0, 3]) expect(await read(from, lying)).toEqual(as(from));
    expect(log).toEqual(Array.from({ length: 2 }, () => expect.stringContaining(problem)));
  });

  it('believes no peer which configuration is in force where it begins', async () => {
    const hint = (shown: Block) => {
      if (shown.header.number !== 4) return shown;
      return { ...shown, ordererMetadata: encodeOrdererMetadata(2) };
    };
    expect(await read(5, hint)).toEqual(as(5));
    expect(log).toEqual([expect.stringContaining('block 5 was signed under the configuration of block 4, not of 2')]);
  });

  it('takes no configuration on its way that the orderers before did not sign', async () => {
    const own = await chain.signed(chain.blocks[4] as Block, before.slice(0, 3));
    expect(await read(5, (shown) => (shown.header.number === 4 ? own : shown))).toEqual(as(5));
    expect(log).toEqual([expect.stringContaining('block 4: 2 orderers signed it, not 3')]);
  });

  it('takes no block 0 that the signed block 1 does not follow', async () => {
    const invented = { ...(chain.blocks[0] as Block), commitHash: Buffer.alloc(0) };
    const header = { ...invented.header, dataHash: dataHash([chain.configuration(before)]) };
    const lie = { ...invented, header, data: [chain.configuration(before)] };
    expect(await read(0, (shown) => (shown.header.number === 0 ? lie : shown))).toEqual(as(0));
    expect(log).toEqual([expect.stringContaining('block 1 does not name the block before it')]);
  });
});
