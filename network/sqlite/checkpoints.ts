/**
 * Keeps the write-ahead log of a SQLite database short without making anybody wait: another thread does nearly all
 * of the copying and syncing, this one the rest, so that SQLite can begin the log anew.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Tests run the sources, where the thread's file has its other name. */
const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js', import.meta.url);
/** How many pages the log may have where commits make the checkpoints again. */
const PAGES = 1000;

/** The connection that writes. */
export interface Checkpointed {
  /** makes a checkpoint within the commit after which the log has so many pages; 0 for never */
  checkpointEvery(pages: number): void;
  /** copies what it can without waiting for anybody */
  checkpoint(): void;
}

export class Checkpoints {
  readonly #database: Checkpointed;
  readonly #path: string;
  readonly #everyWrites: number;
  #worker: Worker | undefined;
  #working: Promise<void> | undefined;
  #failed = false;
  #writes = 0;

  constructor(database: Checkpointed, path: string, everyWrites: number) {
    this.#database = database;
    this.#path = path;
    this.#everyWrites = everyWrites;
    database.checkpointEvery(0);
  }

  /** Told after each commit how many keys or rows it wrote. */
  noted(writes: number): void {
    this.#writes += writes;
    if (this.#writes < this.#everyWrites || this.#working || this.#failed) return;
    this.#writes = 0;
    this.#worker ??= this.#start();
    this.#working = this.#work(this.#worker);
  }

  /** Resolves when no checkpoint is being made: SQLite refuses two at a time. */
  async idle(): Promise<void> {
    await this.#working;
  }

  async #work(worker: Worker): Promise<void> {
    worker.postMessage('checkpoint');
    try {
      await once(worker, 'message');
      this.#working = undefined;
      if (!this.#failed) this.#database.checkpoint();
    } catch {
      this.#working = undefined;
      this.#giveUp();
    }
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM, { workerData: { path: this.#path } });
    worker.unref();
    worker.on('error', () => this.#giveUp());
    return worker;
  }

  /** Nothing is lost by a checkpoint that failed; from now on commits make them, and report what is wrong with the disk. */
  #giveUp(): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#database.checkpointEvery(PAGES);
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#failed = true;
    this.#worker = undefined;
    if (!worker || worker.threadId < 0) return;
    worker.ref();
    worker.postMessage('stop');
    await once(worker, 'exit');
  }
}
