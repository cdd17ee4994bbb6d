/** A block in the form that state and indexes take. */
import type { Block } from '../format/block.js';
import { VALIDATION_CODE } from '../format/validation-code.js';
import type { AppliedBlock } from './state-store.js';
import type { CheckedTransaction } from './validation.js';

/** @param transactions those of the block, whose codes are in its filter */
export function appliedBlock(
  block: Block,
  { hash, offset, next }: { readonly hash: Buffer; readonly offset: number; readonly next: number },
  transactions: readonly CheckedTransaction[],
): AppliedBlock {
  return {
    number: block.header.number,
    hash,
    offset,
    next,
    commitHash: Buffer.from(block.commitHash),
    transactions: transactions.map(({ id, writes }, position) => {
      const code = block.filter[position] ?? VALIDATION_CODE.INVALID_OTHER_REASON;
      return { id, code, writes: code === VALIDATION_CODE.VALID ? writes : [] };
    }),
  };
}
