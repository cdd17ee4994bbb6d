/**
 * Keeps the state's write-ahead log short without making anybody wait: another thread does nearly all
 * of the copying and syncing, this one the rest, so that SQLite can begin the log anew.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StateStore } from './state-store.js';

const EVERY_WRITES = 1000;
/** Tests run the sources, where the thread's file has its other name. */
const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js', import.meta.url);

export class Checkpoints {
  readonly #state: StateStore;
  readonly #path: string;
  #worker: Worker | undefined;
  #working = false;
  #failed = false;
  #writes = 0;

  constructor(state: StateStore, path: string) {
    this.#state = state;
    this.#path = path;
    state.checkpointEvery(0);
  }

  /** Told after each block how many keys it wrote. */
  noted(writes: number): void {
    this.#writes += writes;
    if (this.#writes < EVERY_WRITES || this.#working || this.#failed) return;
    this.#writes = 0;
    this.#working = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { workerData: { path: this.#path } });
    worker.unref();
    worker.on('message', () => {
      this.#working = false;
      try {
        this.#state.checkpoint();
      } catch {
        this.#giveUp();
      }
    });
    worker.on('error', () => this.#giveUp());
    return worker;
  }

  /** Nothing is lost by a checkpoint that failed; from now on commits make them, and report what is wrong with the disk. */
  #giveUp(): void {
    this.#failed = true;
    this.#state.checkpointEvery(EVERY_WRITES);
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#failed = true;
    this.#worker = undefined;
    if (!worker || worker.threadId < 0) return;
    worker.removeAllListeners('message');
    worker.ref();
    worker.postMessage('stop');
    await once(worker, 'exit');
  }
}
