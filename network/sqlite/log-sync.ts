/**
 * Brings a database's write-ahead log to the disk without making anybody else wait: a commit only writes it, and whoever
 * needs the commit durable waits here, while the event loop goes on. Commits that wait together share one sync.
 */
import { type FileHandle, open } from 'node:fs/promises';

type Sync = (file: FileHandle) => Promise<void>;

export class LogSync {
  readonly #path: string;
  readonly #sync: Sync;
  #file: FileHandle | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #failure: Error | undefined;

  /** `path`: of the database, whose log exists once something was committed. SQLite takes no locks on the log, so that closing it drops none. */
  constructor(path: string, sync: Sync = (file) => file.datasync()) {
    this.#path = `${path}-wal`;
    this.#sync = sync;
  }

  /** @throws Error once a sync has failed: what the disk holds since then is not known, and another try would not tell */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** Resolves when all that was committed before the call is on the disk. @throws Error when it cannot be brought there */
  synced(): Promise<void> {
    this.#next ??= this.#running.then(() => {
      this.#next = undefined;
      const sync = this.#run();
      this.#running = sync.catch(() => {});
      return sync;
    });
    return this.#next;
  }

  async #run(): Promise<void> {
    this.check();
    try {
      this.#file ??= await open(this.#path, 'r');
      await this.#sync(this.#file);
    } catch (error) {
      const problem = (error as Error).message;
      this.#failure = new Error(`${this.#path} cannot be brought to the disk (${problem}): mend the disk, then start again`);
      throw this.#failure;
    }
  }

  /** Waits for whoever is waiting. */
  async close(): Promise<void> {
    await this.#next?.catch(() => {});
    await this.#running;
    await this.#file?.close();
    this.#file = undefined;
  }
}
