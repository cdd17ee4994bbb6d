/** Blocks in order from the log, and new ones as they are committed. */

import { LedgerUnavailable } from '../errors.js';
import { decodeBlock } from '../format/block.js';
import { toLedgerBlock } from '../format/ledger-block.js';
import type { LedgerBlock } from '../ledger.js';
import type { BlockLog } from './block-log.js';
import type { Committer } from './committer.js';
import type { StateStore } from './state-store.js';

export interface FollowDeps {
  readonly log: BlockLog;
  readonly state: StateStore;
  readonly committer: Committer;
  readonly closed: AbortSignal;
}

/** @throws LedgerUnavailable when the record does not hold what was written: a damaged block is never told */
export async function readBlockBytes(deps: Pick<FollowDeps, 'log' | 'state'>, number: number): Promise<Buffer> {
  const place = deps.state.block(number);
  if (!place) throw new LedgerUnavailable(`block ${number} is not in the index`);
  try {
    return (await deps.log.read(number, place.offset)).bytes;
  } catch (error) {
    throw new LedgerUnavailable(`cannot read the ledger: ${(error as Error).message}`);
  }
}

/** @throws LedgerUnavailable as `readBlockBytes` */
export async function readBlock(deps: Pick<FollowDeps, 'log' | 'state'>, number: number): Promise<LedgerBlock> {
  const bytes = await readBlockBytes(deps, number);
  try {
    return toLedgerBlock(decodeBlock(bytes));
  } catch (error) {
    throw new LedgerUnavailable(`cannot read the ledger: ${(error as Error).message}`);
  }
}

function nextBlock(committer: Committer, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      forget();
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const forget = committer.onNext(done);
    for (const signal of signals) signal.addEventListener('abort', done, { once: true });
    if (signals.some((signal) => signal.aborted)) done();
  });
}

/** Ends when the signal aborts or the ledger closes. @throws LedgerUnavailable */
export async function* followBlocks(deps: FollowDeps, from: number, signal: AbortSignal): AsyncGenerator<LedgerBlock> {
  const signals = [signal, deps.closed];
  const ended = () => signals.some(({ aborted }) => aborted);
  for (let number = from; !ended(); ) {
    if (number < deps.committer.head.height) {
      const block = await readBlock(deps, number);
      if (ended()) return;
      yield block;
      number += 1;
    } else {
      await nextBlock(deps.committer, signals);
    }
  }
}
