/**
 * Reads on and has signatures checked while the blocks before are executed: the two take about as long, and
 * signatures have a thread of their own. What is wrong ahead is told when its turn comes, so that the first difference is the first.
 */
import type { Block } from '../format/block.js';
import type { ChannelInForce } from '../identity/in-force.js';
import type { Differs } from './difference.js';
import { type ChainPlace, checkLinks, orderersFault } from './judge-block.js';
import type { JudgedTransaction, Signatures } from './judge-transaction.js';
import type { LedgerRules } from './ledger-rules.js';
import type { BlockSource } from './source.js';

export interface BlockAhead {
  readonly block: Block;
  readonly hash: Buffer;
  /** in force when it was made */
  readonly channel: ChannelInForce;
  /** in force after it */
  readonly next: ChannelInForce;
  /** how much of the source is behind this block */
  readonly read: number;
  readonly signatures: Signatures;
  readonly orderers: Promise<Differs | undefined>;
  readonly transactions: readonly Promise<JudgedTransaction>[];
}

/** Transactions whose signatures are being checked ahead. */
const TRANSACTIONS_AHEAD = 192;

type Step = { readonly ahead: BlockAhead } | { readonly failure: unknown } | { readonly end: true };

export interface AheadFrom extends ChainPlace {
  /** once block 0 has told them */
  readonly channel: ChannelInForce | undefined;
  /** so many blocks had their signatures checked by an audit before this one */
  readonly checkedBefore: number;
}

export async function* lookAhead(source: BlockSource, rules: LedgerRules, from: AheadFrom): AsyncGenerator<BlockAhead> {
  const blocks = source.blocks(from.number)[Symbol.asyncIterator]();
  const steps: Step[] = [];
  let place: ChainPlace = from;
  let { channel } = from;
  let pending = 0;

  async function step(): Promise<Step> {
    try {
      const { done, value } = await blocks.next();
      if (done) return { end: true };
      const { block, read } = value;
      const hash = checkLinks(block, place);
      const { number } = place;
      const known = channel ?? rules.genesis(block);
      const signatures = number < from.checkedBefore ? 'checked-before' : 'check';
      channel = number === 0 ? known : rules.after(known, block);
      place = { number: number + 1, previousHash: hash };
      const signed = signatures === 'check' && (number > 0 || rules.signsGenesis);
      const orderers = signed ? orderersFault(known, block) : Promise.resolve(undefined);
      const judge = (bytes: Uint8Array) => rules.judge(known, bytes, number, signatures);
      return {
        ahead: { block, hash, channel: known, next: channel, read, signatures, orderers, transactions: block.data.map(judge) },
      };
    } catch (failure) {
      return { failure };
    }
  }

  let last: Step | undefined;
  try {
    for (;;) {
      while (!last && (steps.length === 0 || pending < TRANSACTIONS_AHEAD)) {
        const next = await step();
        steps.push(next);
        if ('ahead' in next) pending += next.ahead.transactions.length;
        else last = next;
      }
      const first = steps.shift();
      if (!first || 'end' in first) return;
      if ('failure' in first) throw first.failure;
      pending -= first.ahead.transactions.length;
      yield first.ahead;
    }
  } finally {
    await blocks.return?.();
  }
}
