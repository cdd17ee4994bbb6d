/** In what the embedded ledger's blocks and a network's differ for an audit. */
import { CHAINCODE_NAME } from '../channel.js';
import { updatesOf } from '../embedded/block-builder.js';
import { type CheckedTransaction, validateInOrder } from '../embedded/validation.js';
import type { Block } from '../format/block.js';
import { commitHash, type StateUpdate } from '../format/commit-hash.js';
import type { ChannelInForce } from '../identity/in-force.js';
import type { AuditedState } from './audited-state.js';
import { channelOf } from './channel.js';
import { type JudgedTransaction, judgeTransaction, type Signatures } from './judge-transaction.js';

/** What a code is, and why it is not VALID. */
export interface Settled {
  readonly code: number;
  readonly reason?: string;
}

export interface LedgerRules {
  /** The channel as block 0 says. @throws Differs */
  genesis(block: Block): ChannelInForce;
  /** The channel after a block that follows. @throws Differs */
  after(channel: ChannelInForce, block: Block): ChannelInForce;
  /** whether orderers sign block 0 too */
  readonly signsGenesis: boolean;
  /** What a transaction deserves by its bytes alone; never rejects. */
  judge(channel: ChannelInForce, bytes: Uint8Array, block: number, signatures: Signatures): Promise<JudgedTransaction>;
  /** Why a transaction that took effect should not be there at all. */
  foreign(judged: JudgedTransaction): string | undefined;
  /** Final codes, in block order, by the state that the blocks before leave. @throws CannotTell */
  settle(state: AuditedState, channel: ChannelInForce, judged: readonly JudgedTransaction[]): readonly Settled[];
  /** The last valid write to each key. */
  updates(block: number, judged: readonly JudgedTransaction[], codes: readonly number[]): StateUpdate[];
  /** What the peers' commit hash is to be. */
  commitHash(block: Block, updates: readonly StateUpdate[], previous: Uint8Array): Buffer;
}

export function settleInOrder(state: AuditedState, checked: readonly CheckedTransaction[]): Settled[] {
  return validateInOrder(state, checked).map((code) => ({ code }));
}

export const EMBEDDED_RULES: LedgerRules = {
  genesis: channelOf,
  after: (channel) => channel,
  signsGenesis: true,
  judge: ({ membership }, bytes, block, signatures) => judgeTransaction(membership, bytes, block === 0, signatures),
  foreign: () => undefined,
  settle: (state, _channel, judged) => settleInOrder(state, judged),
  updates: updatesOf,
  commitHash: ({ filter }, updates, previous) => commitHash(CHAINCODE_NAME, filter, updates, previous),
};
