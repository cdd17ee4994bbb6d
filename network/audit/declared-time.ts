/** When a block was made, as far as it is known: nobody signs a block's time, callers declare that of their transactions. */
import type { Block } from '../format/block.js';
import { decodeEnvelope } from '../format/envelope.js';

function timeOf(envelope: Uint8Array): number {
  try {
    return decodeEnvelope(envelope).channel.timestamp;
  } catch {
    return 0;
  }
}

/**
 * The latest time that a transaction of the block declares and that has been, in milliseconds since the epoch: a caller
 * whose clock is ahead must not make a ledger seem alive. Undefined when none declares such a time.
 */
export function declaredTime({ data }: Pick<Block, 'data'>, now: number): number | undefined {
  const times = data.map(timeOf).filter((time) => time > 0 && time <= now);
  return times.length > 0 ? Math.max(...times) : undefined;
}
