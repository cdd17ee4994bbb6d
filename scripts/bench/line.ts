/** A benchmark's result: one JSON line, with the ratio and what it was measured against in the same run. */
export interface BenchLine {
  readonly bench: string;
  /** higher is better unless `atMost` is set */
  readonly ratio: number;
  readonly against: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly figures: Readonly<Record<string, number | string>>;
}

export function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [ascending[Math.ceil(ascending.length / 2) - 1], ascending[middle]];
  return (low + high) / 2;
}

/** Three significant digits: more would pretend to a precision that no machine has. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** A rate says nothing of writes that failed: with a single one of ours the line does not hold. */
export function holds({ ratio, atLeast, atMost, figures }: BenchLine): boolean {
  if (Number(figures.failed ?? 0) > 0) return false;
  return (atLeast === undefined || ratio >= atLeast) && (atMost === undefined || ratio <= atMost);
}
