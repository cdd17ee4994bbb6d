/** A pause 中止 of a case: its clock stands still, the case itself may go on being worked on. */
import { formatInstant, isBefore } from '../../time.js';

export interface Pause {
  readonly since: string;
  readonly reason: string;
  /** when the clock runs again by itself; until the resumption when absent */
  readonly until?: string;
}

/** The last instant that an RFC 3339 year of four digits can name. */
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z');

/** How long the clock stood still, in milliseconds: from `since` to `until` or to the end, whichever is earlier. */
export function stoodStill(pause: Pause, endedAt: string): number {
  const end = pause.until && isBefore(pause.until, endedAt) ? pause.until : endedAt;
  return Math.max(0, Date.parse(end) - Date.parse(pause.since));
}

export function moved(dueAt: string, milliseconds: number): string {
  return formatInstant(Math.min(LAST_INSTANT, Date.parse(dueAt) + milliseconds));
}

interface Paused {
  readonly dueAt?: string;
  readonly pause?: Pause;
}

/** The case without its pause, and with the due date that the pause moved. */
export function resumed<T extends Paused>(record: T, endedAt: string): Omit<T, 'pause' | 'dueAt'> & { readonly dueAt?: string } {
  const { pause, dueAt, ...rest } = record;
  if (dueAt === undefined) return rest;
  return { ...rest, dueAt: pause ? moved(dueAt, stoodStill(pause, endedAt)) : dueAt };
}
