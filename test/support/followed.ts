/** What tests look at of an audit that keeps going. */
import { expect } from 'vitest';
import type { Companion } from '../../network/audit/audit-chain.js';
import type { Alarm } from '../../network/audit/monitor.js';

export const DAY = 86_400_000;
export const WAIT = { timeout: 60_000 };

/** What both kinds of following are given. */
export interface Watched {
  readonly intervalMs: number;
  readonly staleMs: number;
  readonly clock: () => number;
  readonly raise: (alarm: Alarm) => void;
  readonly companions: readonly Companion[];
}

/** @param follow begins; what it is given fills `alarms` and `heights` as it goes on */
export function followed<T>(follow: (watched: Watched, stop: AbortSignal) => Promise<T>) {
  const [alarms, heights]: [Alarm[], number[]] = [[], []];
  const stop = new AbortController();
  const watched: Watched = {
    intervalMs: 20,
    staleMs: DAY,
    clock: Date.now,
    raise: (alarm) => void alarms.push(alarm),
    companions: [{ afterBlock: (_block, { height }) => void heights.push(height) }],
  };
  const done = follow(watched, stop.signal);
  // Whoever waits for it sees the error; until then it must not end the process.
  done.catch(() => {});
  const reaches = (height: number) => expect.poll(() => heights.at(-1), WAIT).toBe(height);
  const raised = (kind: Alarm['alarm']) => expect.poll(() => alarms.map(({ alarm }) => alarm), WAIT).toContain(kind);
  return { alarms, heights, stop, done, reaches, raised };
}
