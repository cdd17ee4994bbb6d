/** Goes through the log from block 0, a block at a time, and computes each one's outcome anew. Signatures are left to `verifyLog`. */
import type { Membership } from '../identity/msp.js';
import { isFault, type LogReader, type ScanFault, scanOne } from './log-scan.js';
import { BEGINNING } from './log-walk.js';
import { channelOfLog, checkOutcome, type ReplayedState, WrongOutcome } from './replay.js';

export class LogReplay {
  readonly #reader: LogReader;
  readonly #state: ReplayedState;
  #membership: Membership | undefined;
  #place = BEGINNING;
  #commitHash: Uint8Array = new Uint8Array();

  constructor(reader: LogReader, state: ReplayedState) {
    this.#reader = reader;
    this.#state = state;
  }

  /** Of the next block; so many are found good. */
  get number(): number {
    return this.#place.number;
  }

  /** @returns what is wrong with the next block; undefined when nothing is, and then it is done with */
  async step(): Promise<ScanFault | undefined> {
    const scanned = scanOne(this.#reader, this.#place);
    if (isFault(scanned)) return scanned;
    const { block, hash, offset, next } = scanned;
    const { number } = block.header;
    this.#membership ??= channelOfLog(this.#reader).membership;
    try {
      const deps = { membership: this.#membership, view: this.#state, signatures: 'of-refused' } as const;
      this.#state.record(await checkOutcome(deps, block, this.#commitHash));
    } catch (error) {
      if (error instanceof WrongOutcome) return { number, offset, problem: error.message };
      throw error;
    }
    this.#place = { number: number + 1, offset: next, previousHash: hash };
    this.#commitHash = block.commitHash;
    return undefined;
  }
}
