/**
 * Judges a block's outcome anew. Validation codes and commit hash are signed by nobody: whoever can write the
 * file could mark a transaction as a conflict and recompute the rest without any key. Given everything before
 * the block there is only one right outcome, so it is computed again and compared.
 */
import { setImmediate } from 'node:timers/promises';
import { CHAINCODE_NAME } from '../channel.js';
import type { Block } from '../format/block.js';
import { commitHash, type StateUpdate } from '../format/commit-hash.js';
import { VALIDATION_CODE, validationCodeName } from '../format/validation-code.js';
import { type ChannelInForce, inForce } from '../identity/in-force.js';
import { type Membership, verifyMember } from '../identity/msp.js';
import { updatesOf } from './block-builder.js';
import { isFault, type LogReader, scanOne } from './log-scan.js';
import { BEGINNING } from './log-walk.js';
import { type CheckedTransaction, CONFIGURATION, type CommittedView, checkEnvelope, validateInOrder } from './validation.js';

/** A block's codes or commit hash are not those that its transactions deserve. */
export class WrongOutcome extends Error {
  override readonly name = 'WrongOutcome';
}

export interface Outcome {
  readonly transactions: readonly CheckedTransaction[];
  readonly updates: readonly StateUpdate[];
}

/** State as the blocks so far leave it. */
export interface ReplayedState extends CommittedView {
  record(outcome: Outcome): void;
}

export interface ReplayDeps {
  readonly membership: Membership;
  readonly view: CommittedView;
  /**
   * `of-refused` checks signatures only where the code says that something was wrong with them, and believes them
   * elsewhere, which is many times faster
   */
  readonly signatures: 'all' | 'of-refused';
}

/** Codes that a transaction can have only if its bytes alone deserve it. */
const DECIDED_BY_BYTES: readonly (number | undefined)[] = [
  VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE,
  VALIDATION_CODE.INVALID_ENDORSER_TRANSACTION,
];

/** A large block must not hold up what else the process does. */
const TOGETHER = 64;

const believed = async () => true;

async function checkTransactions({ membership, signatures }: ReplayDeps, block: Block): Promise<CheckedTransaction[]> {
  if (block.header.number === 0) return block.data.map(() => CONFIGURATION);
  const verifier = (code: number | undefined) =>
    signatures === 'all' || DECIDED_BY_BYTES.includes(code) ? verifyMember : believed;
  const checked: CheckedTransaction[] = [];
  try {
    while (checked.length < block.data.length) {
      const [from, to] = [checked.length, checked.length + TOGETHER];
      const some = block.data.slice(from, to);
      checked.push(
        ...(await Promise.all(
          some.map((envelope, index) => checkEnvelope(membership, envelope, verifier(block.filter[from + index]))),
        )),
      );
      await setImmediate();
    }
    return checked;
  } catch (error) {
    throw new WrongOutcome((error as Error).message);
  }
}

/** @throws WrongOutcome */
export async function checkOutcome(deps: ReplayDeps, block: Block, previousCommitHash: Uint8Array): Promise<Outcome> {
  const transactions = await checkTransactions(deps, block);
  const codes = validateInOrder(deps.view, transactions);
  for (const [position, code] of codes.entries()) {
    const marked = block.filter[position] ?? VALIDATION_CODE.INVALID_OTHER_REASON;
    if (marked === code) continue;
    const [is, deserves] = [validationCodeName(marked), validationCodeName(code)];
    throw new WrongOutcome(`transaction ${position}: it is marked ${is} and deserves ${deserves}`);
  }
  const updates = updatesOf(block.header.number, transactions, codes);
  if (!commitHash(CHAINCODE_NAME, block.filter, updates, previousCommitHash).equals(block.commitHash))
    throw new WrongOutcome('its commit hash is not that of its writes');
  return { transactions, updates };
}

/** Members and orderers as block 0 names them. @throws Error when it cannot be read */
export function channelOfLog(reader: LogReader): ChannelInForce {
  const first = scanOne(reader, BEGINNING);
  if (isFault(first)) throw new Error(`block 0: ${first.problem}`);
  return inForce(first.block);
}
