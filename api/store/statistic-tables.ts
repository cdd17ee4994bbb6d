/** What statistics read. */

/** How many records there are that agree in everything that statistics tell apart. */
export interface StatisticGroupTable {
  /** measure, month and the rest, as JSON */
  name: string;
  count: number;
}

/** Published figures: whole groups of five alone. */
export interface StatisticTable {
  /** `2026-11`; empty for all months together */
  month: string;
  /** `item`, `mode`, …, and for all months together `month`; empty for the total */
  dimension: string;
  value: string;
  measure: string;
  count: number;
}
