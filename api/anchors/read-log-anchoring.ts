/** Anchors the head of the read log from time to time, as long as this process serves. */
import { anchorReadLog } from './anchor-read-log.js';

/** So long an entry waits at most for the ledger: a transaction of its own for each look would cost more than the look. */
const LONGEST_WAIT_MILLISECONDS = 600_000;
const EVERY_MILLISECONDS = 60_000;

export class ReadLogAnchoring {
  readonly #deps: Parameters<typeof anchorReadLog>[0];
  readonly #log: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  #running: Promise<void> = Promise.resolve();
  #said = '';

  constructor(deps: Parameters<typeof anchorReadLog>[0], log: (message: string) => void) {
    this.#deps = deps;
    this.#log = log;
    this.#timer = setInterval(() => {
      this.#running = this.#running.then(() => this.#anchor());
    }, EVERY_MILLISECONDS).unref();
  }

  /** Begins nothing more, and waits for what is being done. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  async #anchor(): Promise<void> {
    try {
      const done = await anchorReadLog(this.#deps, LONGEST_WAIT_MILLISECONDS);
      this.#say(done === 'no key' ? 'the read log is not anchored: no registrar of this API has its key here' : '');
    } catch (error) {
      this.#say(`the read log is not anchored: ${String(error)} (npm run doctor)`);
    }
  }

  /** What is wrong, once. */
  #say(message: string): void {
    if (message !== '' && message !== this.#said) this.#log(message);
    this.#said = message;
  }
}
