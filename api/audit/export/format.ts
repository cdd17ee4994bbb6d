/** What every form of an export has: a beginning, a line for each fact, and an end without which it is not whole. */
import type { Fact } from './read-facts.js';

export const EXPORT_FORMAT = 'yrd-audit-export/1';

export interface ExportHead {
  readonly format: typeof EXPORT_FORMAT;
  readonly channel: string;
  /** number of the last block that is in it */
  readonly block: number;
  readonly from?: string;
  readonly to?: string;
}

export interface ExportEnd {
  readonly rows: number;
  /** over all bytes before this line */
  readonly sha256: string;
}

export interface ExportForm {
  readonly contentType: string;
  readonly begin: (head: ExportHead) => string;
  /** @param number from 1 */
  readonly line: (fact: Fact, number: number) => string;
  readonly end: (end: ExportEnd) => string;
}
