/**
 * Whether an orderer that runs stands still, from what is seen of it again and again. SmartBFT of Fabric 3.1.5 may hang
 * without a word after it caught up: alone that costs nothing, with another orderer away nothing is ordered any more.
 */
import { WITHOUT_NOTICE } from './orderer-height.js';

/** What is seen of a running orderer. Heights are numbers of blocks; undefined where the node does not tell. */
export interface Sight {
  /** whether it answers at all */
  readonly answers: boolean;
  /** undefined also before it has joined the channel */
  readonly height: number | undefined;
  /** requests that it has and that are not ordered */
  readonly waiting: number;
  /** of its province's peer, which has its blocks from any orderer */
  readonly peerHeight: number | undefined;
  /** how many other orderers answer */
  readonly others: number;
}

/** It says nothing; others go on without it; nothing goes on though requests wait. */
export type Cause = 'silent' | 'behind' | 'waiting';

export interface Standing {
  readonly cause: Cause;
  readonly milliseconds: number;
}

/** With fewer the others cannot order either, and starting this one again mends nothing. */
const OTHERS_WANTED = 2;
/** Longer than this between two looks nobody looked: the host itself stood still, and its nodes may just be waking up. */
const LONGEST_GAP_MS = 30_000;

function causeOf({ answers, height, waiting, peerHeight, others }: Sight): Cause | undefined {
  if (!answers) return 'silent';
  if (height === undefined) return undefined;
  if (peerHeight !== undefined && peerHeight - height > WITHOUT_NOTICE) return 'behind';
  return waiting > 0 && others >= OTHERS_WANTED ? 'waiting' : undefined;
}

export class Standstill {
  #height = 0;
  #since: number | undefined;
  #looked: number | undefined;

  /**
   * @param sight undefined where the orderer does not run
   * @param now milliseconds of a clock that is never set
   * @returns why it is taken to stand still, and for how long by now; undefined when it is not
   */
  look(sight: Sight | undefined, now: number): Standing | undefined {
    const wasLooking = this.#looked !== undefined && now - this.#looked <= LONGEST_GAP_MS;
    this.#looked = now;
    const cause = sight && causeOf(sight);
    const { height = this.#height } = sight ?? {};
    const isNew = height !== this.#height;
    this.#height = height;
    if (cause === undefined) {
      this.#since = undefined;
      return undefined;
    }
    if (isNew || !wasLooking) this.#since = now;
    this.#since ??= now;
    return { cause, milliseconds: now - this.#since };
  }

  /** It was started again. */
  reset(): void {
    this.#since = undefined;
  }
}
