import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PeerNode } from '../../network/fabric/answer.js';
import { BlockFeed } from '../../network/fabric/block-feed.js';
import type { FollowDeps, Followed } from '../../network/fabric/follow.js';
import { Horizon } from '../../network/fabric/horizon.js';
import { blockHash, dataHash, decodeBlock, encodeBlock } from '../../network/format/block.js';
import type { ChannelInForce } from '../../network/identity/in-force.js';
import type { ConfigurationTrail } from '../../network/identity/trail.js';

/** A channel that nobody orders, so that no signature is needed: what blocks are is the tests' matter here. */
const NOBODY = { block: 0, consenters: [] } as unknown as ChannelInForce;
const UNSIGNED = {
  genesis: () => NOBODY,
  before: async () => NOBODY,
  note: () => undefined,
  forget: () => undefined,
} as unknown as ConfigurationTrail;

/** A chain of so many blocks as bytes; another name, another chain from the first block on. */
function chain(name: string, length: number): Buffer[] {
  const blocks: Buffer[] = [];
  let previousHash: Uint8Array = Buffer.alloc(0);
  for (let number = 0; number < length; number += 1) {
    const data = [Buffer.from(`${name} ${number}`)];
    const header = { number, previousHash, dataHash: dataHash(data) };
    const empty = Buffer.alloc(0);
    blocks.push(
      encodeBlock({ header, data, ordererMetadata: empty, signatures: [], filter: Buffer.alloc(1), commitHash: empty }),
    );
    previousHash = blockHash(header);
  }
  return blocks;
}

function content({ block }: Followed): string {
  return Buffer.from(block.data[0] ?? []).toString();
}

async function* stream(source: readonly Buffer[], from: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (let number = from; !signal.aborted; ) {
    const block = source[number];
    if (block) yield block;
    else await new Promise((resolve) => setTimeout(resolve, 2));
    if (block) number += 1;
  }
}

describe('the feed of blocks', () => {
  let closing: AbortController;
  let feed: BlockFeed;
  /** where streams began, in the order in which they were opened */
  let opened: number[];
  let blocks: Buffer[];
  let grown: () => void;

  /** Streams that begin before this one's `from` tell of another chain, if there is one. */
  function start(from: number, before?: readonly Buffer[]): Promise<void> {
    const peer = { mspId: 'ShanghaiMSP', name: 'peer of ShanghaiMSP', isUp: true } as PeerNode;
    const deps: FollowDeps = {
      peers: [peer],
      open: (_peer, first, signal) => {
        opened.push(first);
        return stream(first < from && before ? before : blocks, first, signal);
      },
      heightOf: async () => blocks.length,
      horizon: new Horizon(),
      blockOf: async () => decodeBlock(blocks[0] as Buffer),
      trail: UNSIGNED,
      log: () => undefined,
      closed: closing.signal,
    };
    feed = new BlockFeed(deps);
    return feed.run(from, () => grown());
  }

  async function read(from: number, count: number): Promise<string[]> {
    const seen: string[] = [];
    for await (const followed of feed.blocks(from, closing.signal)) {
      seen.push(content(followed));
      if (seen.length === count) break;
    }
    return seen;
  }

  function grow(name: string, length: number): Promise<void> {
    return new Promise((resolve) => {
      grown = () => {
        if (shown === length) resolve();
        shown += 1;
      };
      let shown = blocks.length + 1;
      blocks.push(...chain(name, length).slice(blocks.length));
    });
  }

  beforeEach(() => {
    closing = new AbortController();
    opened = [];
    blocks = chain('a', 3);
    grown = () => undefined;
  });
  afterEach(() => closing.abort());

  it('serves all who follow the end from one stream', async () => {
    start(3);
    const readers = [read(3, 2), read(3, 2), read(3, 2)];
    await grow('a', 5);
    expect(await Promise.all(readers)).toEqual([1, 2, 3].map(() => ['a 3', 'a 4']));
    expect(opened).toEqual([3]);
  });

  it('lets a reader that is further back read older blocks by a stream of its own, up to what is kept', async () => {
    start(3);
    await grow('a', 5);
    const reader = read(0, 7);
    await grow('a', 7);
    expect(await reader).toEqual([0, 1, 2, 3, 4, 5, 6].map((number) => `a ${number}`));
    expect(opened).toEqual([3, 0]);
  });

  it('goes on with no block that does not follow what the reader had', async () => {
    const other = chain('b', 6);
    start(3, other);
    await grow('a', 5);
    expect(await read(0, 6)).toEqual([0, 1, 2, 3, 4, 5].map((number) => `b ${number}`));
    expect(opened).toEqual([3, 0]);
  });

  it('does not wait at its end for a block after one that it never had', async () => {
    const other = chain('b', 5);
    start(3, other);
    await grow('a', 4);
    const reader = read(0, 5);
    await grow('a', 5);
    expect(await reader).toEqual([0, 1, 2, 3, 4].map((number) => `b ${number}`));
  });

  it('misses no block for a reader that is slower than it keeps them', async () => {
    start(3);
    const reader = feed.blocks(3, closing.signal);
    const first = reader.next();
    await grow('a', 4);
    expect(content((await first).value as Followed)).toBe('a 3');
    await grow('a', 150);
    const seen: string[] = [];
    for (let count = 4; count < 150; count += 1) seen.push(content((await reader.next()).value as Followed));
    expect(seen).toEqual(Array.from({ length: 146 }, (_, index) => `a ${index + 4}`));
    expect(opened.length).toBe(2);
  });

  it('ends with the signal, also while nothing comes', async () => {
    start(3);
    const reading = read(3, 1);
    closing.abort();
    expect(await reading).toEqual([]);
  });
});
