/** A thread that replays the log, a little at a time, and tells how far it came. */
import { existsSync, readFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { VerificationOrder, VerificationState } from './background-verification.js';
import { LogReplay } from './log-replay.js';
import { LogReader } from './log-scan.js';
import { ReplayIndex } from './replay-index.js';

/** For each millisecond of work, so many of rest: the processor is there for others. */
const REST = 9;
const SLICE_MS = 2;

const { path, until } = workerData as VerificationOrder;
let verified = 0;

function tell(state: VerificationState): void {
  parentPort?.postMessage(state);
}

async function verify(replay: LogReplay): Promise<void> {
  while (replay.number < until) {
    const began = performance.now();
    while (replay.number < until && performance.now() - began < SLICE_MS) {
      const fault = await replay.step();
      verified = replay.number;
      if (!fault) continue;
      const problem = `block ${fault.number} at byte ${fault.offset} of ${path}: ${fault.problem}`;
      return tell({ status: 'failed', verified, problem });
    }
    tell({ status: 'running', verified });
    await sleep((performance.now() - began) * REST);
  }
  tell({ status: 'complete', verified });
}

/**
 * Whoever else wants the processor has it first. Linux alone gives each thread a priority of its own (sched(7)),
 * and says in /proc which thread this is; elsewhere the rests must do.
 */
function stepBack(): void {
  const self = '/proc/thread-self/stat';
  if (!existsSync(self)) return;
  setPriority(Number.parseInt(readFileSync(self, 'utf8'), 10), constants.priority.PRIORITY_LOW);
}

async function run(): Promise<void> {
  stepBack();
  const reader = new LogReader(path);
  const index = new ReplayIndex();
  try {
    await verify(new LogReplay(reader, index));
  } finally {
    index.close();
    reader.close();
  }
}

await run().catch((error: Error) => {
  const problem = `cannot read block ${verified} or one after it in ${path}: ${error.message}`;
  tell({ status: 'failed', verified, problem });
});
