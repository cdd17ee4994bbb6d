/**
 * Reads the whole log again after opening and replays it, a block at a time and with pauses, so that damage
 * and changed outcomes deep in the past are found without making anybody wait for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { LogReplay } from './log-replay.js';
import { LogReader } from './log-scan.js';
import { ReplayIndex } from './replay-index.js';

export interface VerificationState {
  readonly status: 'running' | 'complete' | 'failed' | 'stopped';
  /** blocks found whole so far */
  readonly verified: number;
  /** what is wrong and where, once failed */
  readonly problem?: string;
}

export interface BackgroundVerification {
  state(): VerificationState;
  /** never rejects: what goes wrong is in the state */
  readonly done: Promise<void>;
}

/** For each millisecond of work, so many of rest. */
const REST = 9;
const SLICE_MS = 2;

/** Verifies up to the height at its beginning; later blocks were checked when they were made. */
export function backgroundVerification(
  path: string,
  height: () => number,
  signal: AbortSignal,
  onDamage: (problem: string) => void,
): BackgroundVerification {
  let current: VerificationState = { status: 'running', verified: 0 };

  function fail(problem: string): void {
    current = { status: 'failed', verified: current.verified, problem };
    onDamage(problem);
  }

  async function verify(replay: LogReplay): Promise<void> {
    const until = height();
    while (replay.number < until) {
      if (signal.aborted) {
        current = { status: 'stopped', verified: replay.number };
        return;
      }
      const began = performance.now();
      while (replay.number < until && performance.now() - began < SLICE_MS) {
        const fault = await replay.step();
        current = { status: 'running', verified: replay.number };
        if (fault) return fail(`block ${fault.number} at byte ${fault.offset} of ${path}: ${fault.problem}`);
      }
      await sleep((performance.now() - began) * REST, undefined, { signal, ref: false }).catch(() => {});
    }
    current = { status: 'complete', verified: until };
  }

  async function run(): Promise<void> {
    const reader = new LogReader(path);
    const index = new ReplayIndex();
    try {
      await verify(new LogReplay(reader, index));
    } finally {
      index.close();
      reader.close();
    }
  }

  // A disk that cannot be read is no better than one that reads wrong.
  const done = run().catch((error: Error) =>
    fail(`cannot read block ${current.verified} or one after it in ${path}: ${error.message}`),
  );
  return { state: () => current, done };
}
