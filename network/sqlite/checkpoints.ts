/**
 * Keeps the write-ahead log of a SQLite database short: another thread copies and syncs while commits go on, again and
 * again until little is left, and that little while they wait for a moment, so that SQLite can begin the log anew.
 * The event loop goes on meanwhile.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Turns } from './turns.js';

/** Tests run the sources, where the thread's file has its other name. */
const PROGRAM = new URL(import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js', import.meta.url);
/** So few pages are copied while commits wait; a database that is written faster than it is copied waits after so many passes. */
const FEW_PAGES = 100;
const MAX_PASSES = 5;
/** How many pages the log may have where commits make the checkpoints again. */
const PAGES = 1000;

/** The connection that writes. */
export interface Checkpointed {
  /** makes a checkpoint within the commit after which the log has so many pages; 0 for never */
  checkpointEvery(pages: number): void;
  /** does work while nothing is committed, and no snapshot holds the log's end */
  still(work: () => Promise<void>): Promise<void>;
}

export class Checkpoints {
  readonly #database: Checkpointed;
  readonly #path: string;
  readonly #everyWrites: number;
  #worker: Worker | undefined;
  #working = false;
  readonly #turns = new Turns();
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
    this.#working = true;
    this.#work().then(
      () => {
        this.#working = false;
      },
      () => this.#giveUp(),
    );
  }

  /** Does work while nothing is being copied: SQLite refuses two checkpoints at a time. */
  alone<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turns.run(work);
  }

  async #work(): Promise<void> {
    for (let pass = 0; pass < MAX_PASSES; pass += 1) if ((await this.#copy()) < FEW_PAGES) break;
    await this.#database.still(async () => void (await this.#copy()));
  }

  /** @returns how many pages were copied; the fewer, the fewer are written until the next pass */
  #copy(): Promise<number> {
    return this.#turns.run(() => this.#askThread());
  }

  async #askThread(): Promise<number> {
    if (this.#failed) return 0;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
    const [pages] = await once(this.#worker, 'message');
    return pages;
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
