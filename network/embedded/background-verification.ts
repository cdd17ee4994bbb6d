/**
 * Reads the whole log again after opening and replays it, in a thread of its own and with pauses, so that damage
 * and changed outcomes deep in the past are found without making anybody wait for it.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

export interface VerificationState {
  readonly status: 'running' | 'complete' | 'failed' | 'stopped';
  /** blocks found whole so far */
  readonly verified: number;
  /** what is wrong and where, once failed */
  readonly problem?: string;
}

/** What the thread is told, and what it tells from time to time. */
export interface VerificationOrder {
  readonly path: string;
  /** up to this block, which is not read */
  readonly until: number;
}

export interface BackgroundVerification {
  state(): VerificationState;
  /** never rejects: what goes wrong is in the state */
  readonly done: Promise<void>;
}

/** A start has enough to do; and who opens a ledger for one question needs no thread. */
const AFTER_MS = 1000;
/** A thread cannot run sources, which import one another by the names that they are built to. */
const BUILT = import.meta.url.endsWith('.ts') ? '../../dist/network/embedded/' : './';
const PROGRAM = new URL(`${BUILT}verification-thread.js`, import.meta.url);

/** Verifies up to the height at its beginning; later blocks were checked when they were made. */
export function backgroundVerification(
  path: string,
  height: () => number,
  signal: AbortSignal,
  onDamage: (problem: string) => void,
): BackgroundVerification {
  let current: VerificationState = { status: 'running', verified: 0 };

  /** A disk that cannot be read is no better than one that reads wrong. */
  function tell(state: VerificationState): void {
    current = state;
    if (state.problem !== undefined) onDamage(state.problem);
  }

  async function run(): Promise<void> {
    await sleep(AFTER_MS, undefined, { signal, ref: false });
    const order: VerificationOrder = { path, until: height() };
    const worker = new Worker(PROGRAM, { workerData: order });
    worker.unref();
    worker.on('message', tell);
    const stop = () => {
      worker.ref();
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    await once(worker, 'exit').finally(() => signal.removeEventListener('abort', stop));
  }

  async function watch(): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (!signal.aborted) tell({ ...current, status: 'failed', problem: (error as Error).message });
    }
    if (current.status === 'running') current = { ...current, status: 'stopped' };
  }

  return { state: () => current, done: watch() };
}
