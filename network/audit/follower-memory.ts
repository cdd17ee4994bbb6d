/**
 * What a follower keeps from one run to the next, so that a chain that was cut back or written anew while nobody
 * followed is told at the restart. It is an audit's progress file, and as little a proof.
 */
import { type Audited, type Before, type Companion, checkLength } from './audit-chain.js';
import { type ProgressKeeper, progressKeeper, readRemembered } from './progress.js';

export interface Followed extends Audited {
  /** number of blocks whose signatures and executions the run before checked, not this one */
  readonly resumedFrom: number;
}

export class FollowerMemory {
  readonly #file: string | undefined;
  readonly #keeper: ProgressKeeper | undefined;
  /** where the run before came to */
  readonly before: Before | undefined;

  /** @param file undefined: nothing is remembered @throws CannotTell for a file that is not to be read */
  constructor(file: string | undefined) {
    this.#file = file;
    this.before = file === undefined ? undefined : readRemembered(file);
    this.#keeper = file === undefined ? undefined : progressKeeper(file, this.before);
  }

  /** Notes how far it is while a long chain is read. */
  get companions(): readonly Companion[] {
    return this.#keeper ? [this.#keeper] : [];
  }

  /** What is reported at the end. */
  followed(audited: Audited): Followed {
    return { ...audited, resumedFrom: this.before && !this.before.otherCode ? this.before.height : 0 };
  }

  /** @throws Differs when the chain is shorter than it was */
  checkLength(at: Audited): void {
    if (this.before) checkLength(this.before.height, at, this.#file);
  }

  /** At each look. */
  note(at: Audited): void {
    this.#keeper?.note(at);
  }
}
