/** After how long another peer is asked beside one that has not answered: a few times what is usual now. */
const SHORTEST_MS = 400;
/** before anything is known: connections and chaincode are cold */
const AT_FIRST_MS = 1500;
const LONGEST_MS = 3000;
const TIMES = 4;
/** how much the latest counts */
const WEIGHT = 0.1;

export class Hedge {
  #usual = 0;

  took(milliseconds: number): void {
    this.#usual = this.#usual === 0 ? milliseconds : this.#usual * (1 - WEIGHT) + milliseconds * WEIGHT;
  }

  /** Under load everything is slower, and asking more would make it slower still. */
  get delay(): number {
    if (this.#usual === 0) return AT_FIRST_MS;
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, this.#usual * TIMES));
  }
}
