/**
 * Reads the whole log again after opening, a block at a time and with pauses, so that damage deep in
 * the past is found without making anybody wait for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { FILE_HEADER_LENGTH } from './frame.js';
import { isFault, LogReader, type ScanStart, scanOne } from './log-scan.js';

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

  async function run(): Promise<void> {
    const reader = new LogReader(path);
    try {
      const until = height();
      let place: ScanStart = { number: 0, offset: FILE_HEADER_LENGTH, previousHash: Buffer.alloc(0) };
      while (place.number < until) {
        if (signal.aborted) {
          current = { status: 'stopped', verified: place.number };
          return;
        }
        const began = performance.now();
        while (place.number < until && performance.now() - began < SLICE_MS) {
          const result = scanOne(reader, place);
          if (isFault(result)) {
            current = { status: 'running', verified: place.number };
            return fail(`block ${result.number} at byte ${result.offset} of ${path}: ${result.problem}`);
          }
          place = { number: place.number + 1, offset: result.next, previousHash: result.hash };
        }
        current = { status: 'running', verified: place.number };
        await sleep((performance.now() - began) * REST, undefined, { signal, ref: false }).catch(() => {});
      }
      current = { status: 'complete', verified: until };
    } finally {
      reader.close();
    }
  }

  // A disk that cannot be read is no better than one that reads wrong.
  const done = run().catch((error: Error) =>
    fail(`cannot read block ${current.verified} or one after it in ${path}: ${error.message}`),
  );
  return { state: () => current, done };
}
