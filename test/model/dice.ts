/** Choices drawn from numbers that fast-check generates; zeros choose the plausible, so shrinking leads there. */
export class Dice {
  readonly #values: readonly number[];
  #next = 0;

  constructor(values: readonly number[]) {
    this.#values = values;
  }

  roll(): number {
    const value = this.#values[this.#next % this.#values.length] ?? 0;
    this.#next += 1;
    return value;
  }

  /** True with the chance given in percent. */
  chance(percent: number): boolean {
    return this.roll() % 100 < percent;
  }

  of<T>(options: readonly T[]): T {
    const chosen = options[this.roll() % options.length];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }
}
