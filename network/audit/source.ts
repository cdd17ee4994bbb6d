/** Where an audit's blocks come from: a data folder's log, or the peers of a Fabric network. */
import type { Block } from '../format/block.js';

export interface SourceBlock {
  readonly block: Block;
  /** how much of the source is behind this block: bytes of a log, blocks of a network */
  readonly read: number;
}

export interface BlockSource {
  /** as reports name it */
  readonly name: string;
  /** how much there is in all, in the same measure, when it is known */
  readonly size: number | undefined;
  /**
   * Blocks from a number on to the last one there now, as the source has them. Nothing is believed about them
   * but that they can be decoded. Asked first for block 0, later for what follows those that were given.
   * @throws Differs when there is something that is no block, CannotTell when the source cannot be read
   */
  blocks(from: number): AsyncIterable<SourceBlock>;
  /** One block that was given already. */
  block(number: number): Promise<Block>;
}
