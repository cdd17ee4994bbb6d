/** A network as an audit sees it, over blocks that a test shows. */
import { PROVINCES } from '../../chaincode/provinces.js';
import type { NetworkReader, PeerView } from '../../network/fabric/reader.js';
import { type Block, decodeBlock, encodeBlock } from '../../network/format/block.js';
import type { PinnedRoots } from '../../network/identity/trail.js';

/** @param of what each province's peer has, in the order of the table; one that has nothing is away */
export function shownNetwork(
  pinned: PinnedRoots,
  of: (index: number) => readonly Block[] | undefined,
  code: (index: number) => string | undefined = () => 'ab'.repeat(32),
): NetworkReader {
  const view = (mspId: string, index: number): PeerView => ({
    mspId,
    height: async () => of(index)?.length,
    block: async (number) => {
      const block = of(index)?.[number];
      if (!block) throw new Error(`no block ${number}`);
      return decodeBlock(encodeBlock(block));
    },
    codeDigest: async () => (of(index) ? code(index) : undefined),
    async *blocks(from) {
      for (const block of (of(index) ?? []).slice(from)) yield encodeBlock(block);
    },
  });
  return { pinned, peers: PROVINCES.map(({ mspId }, index) => view(mspId, index)), close: async () => undefined };
}
