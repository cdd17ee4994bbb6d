/** How much time a request has left. One for the whole of it, so that no step adds a wait of its own. */
export class Deadline {
  readonly #end: number;

  constructor(milliseconds: number) {
    this.#end = performance.now() + milliseconds;
  }

  get left(): number {
    return Math.max(0, this.#end - performance.now());
  }

  get isOver(): boolean {
    return this.left === 0;
  }
}

/** Waits, but not beyond the signal. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
}

/** Full jitter between nothing and a bound that doubles with each try from 100 ms to 2 s: rivals for one key part ways. */
export function jitter(attempt: number): number {
  return Math.random() * Math.min(2000, 50 * 2 ** attempt);
}
