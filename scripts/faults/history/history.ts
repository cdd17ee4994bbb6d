/**
 * What clients saw, one JSON object a line: an invocation, the id of each transaction prepared for it, how
 * it ended, and what was told of a transaction later. An invocation without an end was cut off: unknown.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

interface Common {
  /** microseconds of the system's monotonic clock, which all processes of a machine share */
  readonly at: number;
  readonly writer: string;
  /** the operation's key on the ledger: attempts at the same one may have one effect together */
  readonly operation: string;
  /** unique to this attempt */
  readonly attempt: string;
}

export type HistoryEvent = Common &
  (
    | { readonly event: 'invoke' }
    | { readonly event: 'prepared'; readonly transactionId: string }
    /** neither is told by "applied before as …", and no position by an API */
    | { readonly event: 'ok'; readonly transactionId: string; readonly block?: number; readonly position?: number }
    | { readonly event: 'failed'; readonly reason: string }
    | { readonly event: 'unknown'; readonly transactionId?: string }
    | { readonly event: 'resolved'; readonly transactionId: string; readonly status: 'valid' | 'invalid' }
  );

export function now(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

export type Listener = (event: HistoryEvent) => void;

/** Appends to a file; a line is one write(2), so a killed process leaves whole lines or none. */
export function logTo(file: string): Listener {
  return (event) => appendFileSync(file, `${JSON.stringify(event)}\n`);
}

/** @throws SyntaxError for a line that is no JSON */
export function readHistory(file: string): HistoryEvent[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as HistoryEvent);
}

/** Items under the key of each, in the order in which keys and items come. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** One attempt at an operation, as its events tell it. */
export interface Attempt {
  readonly operation: string;
  readonly invokedAt: number;
  readonly endedAt: number | undefined;
  readonly prepared: readonly string[];
  readonly outcome:
    | { readonly kind: 'ok'; readonly transactionId: string; readonly block?: number; readonly position?: number }
    | { readonly kind: 'failed'; readonly reason: string }
    | { readonly kind: 'unknown' };
}

function outcomeOf(events: readonly HistoryEvent[]): Attempt['outcome'] {
  const end = events.find(({ event }) => event === 'ok' || event === 'failed');
  if (end?.event === 'failed') return { kind: 'failed', reason: end.reason };
  if (end?.event !== 'ok') return { kind: 'unknown' };
  const { transactionId, block, position } = end;
  return { kind: 'ok', transactionId, ...(block !== undefined && { block }), ...(position !== undefined && { position }) };
}

/** In the order in which they were invoked. */
export function attemptsOf(history: readonly HistoryEvent[]): Attempt[] {
  const byAttempt = grouped(history, ({ attempt }) => attempt);
  return [...byAttempt.values()]
    .map((events) => ({
      operation: (events[0] as HistoryEvent).operation,
      invokedAt: Math.min(...events.map(({ at }) => at)),
      endedAt: events.find(({ event }) => event === 'ok' || event === 'failed' || event === 'unknown')?.at,
      prepared: events.flatMap((event) => (event.event === 'prepared' ? [event.transactionId] : [])),
      outcome: outcomeOf(events),
    }))
    .sort((left, right) => left.invokedAt - right.invokedAt);
}

export interface Counts {
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
}

export function count(history: readonly HistoryEvent[]): Counts {
  const kinds = attemptsOf(history).map(({ outcome }) => outcome.kind);
  const of = (kind: Attempt['outcome']['kind']) => kinds.filter((each) => each === kind).length;
  return { ok: of('ok'), failed: of('failed'), unknown: of('unknown') };
}
