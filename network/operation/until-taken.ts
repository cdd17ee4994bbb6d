/**
 * A transaction of `peer` that may be sent again: an orderer that takes part in a reconfiguration, or stands still,
 * acknowledges what it then loses, and `peer` knows one orderer only.
 */
import type { Member } from '../definition/definition.js';
import { NetworkFault } from './fault.js';

/** `peer` says one or the other when its wait ends, whichever of its two clocks is first. */
const UNSEEN = /timed out waiting for txid|deliver filtered.*DeadlineExceeded/;

/** An orderer acknowledged what nobody has seen since. */
export class NotSeen extends NetworkFault {}

/**
 * Sends by one orderer after another until the transaction is seen, or its effect is there.
 * @param orderers at least one, in the order to try
 * @param isTaken whether the effect is on the ledger
 * @throws NetworkFault as `send` does: of the last orderer, or of the first that says more than that it saw nothing
 */
export async function untilTaken(
  orderers: readonly Member[],
  send: (orderer: Member) => Promise<unknown>,
  isTaken: () => Promise<boolean>,
): Promise<void> {
  for (const [index, orderer] of orderers.entries()) {
    try {
      await send(orderer);
      return;
    } catch (error) {
      if (!(error instanceof NetworkFault)) throw error;
      if (await isTaken()) return;
      const isUnseen = error instanceof NotSeen || UNSEEN.test(error.message);
      if (!isUnseen || index === orderers.length - 1) throw error;
    }
  }
}

/** All orderers that this host knows, one of them first. */
export function startingWith(first: Member, members: readonly Member[]): Member[] {
  return [first, ...members.filter((member) => member !== first)];
}
