/**
 * Alarms on their way to the webhook, one behind the other, beside the audit: a receiver that does not answer must
 * not keep it from looking again. Each alarm stands in the log before it comes here.
 */
import type { Alarm } from '../../network/audit/monitor.js';

const MOST_WAITING = 1000;
/** Longer than one attempt; whoever stops it must not have to kill it. */
const DRAIN_MS = 15_000;

export interface QueueLimits {
  readonly waiting: number;
  /** milliseconds */
  readonly drainMs: number;
}

export class AlarmQueue {
  readonly #send: (alarm: Alarm, stop: AbortSignal) => Promise<void>;
  readonly #warn: (message: string) => void;
  readonly #limits: QueueLimits;
  readonly #waiting: Alarm[] = [];
  readonly #stop = new AbortController();
  #sending: Promise<void> | undefined;

  /** @param send never rejects, and ends when it is told to stop @param warn told of alarms that were not sent */
  constructor(
    send: (alarm: Alarm, stop: AbortSignal) => Promise<void>,
    warn: (message: string) => void,
    limits: QueueLimits = { waiting: MOST_WAITING, drainMs: DRAIN_MS },
  ) {
    [this.#send, this.#warn, this.#limits] = [send, warn, limits];
  }

  /** Never waits. Of too many the oldest goes: the newest may be that which ended the audit. */
  put(alarm: Alarm): void {
    this.#waiting.push(alarm);
    if (this.#waiting.length > this.#limits.waiting) {
      const left = this.#waiting.shift() as Alarm;
      this.#warn(`an alarm (${left.alarm}, ${left.time}) was not sent, for too many wait: look at the webhook's receiver`);
    }
    this.#sending ??= this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    const { signal } = this.#stop;
    while (this.#waiting.length > 0 && !signal.aborted) await this.#send(this.#waiting.shift() as Alarm, signal);
    this.#sending = undefined;
  }

  /** Until all are sent, or the time for it is over. Nothing may be put afterwards. */
  async drain(): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), this.#limits.drainMs);
    await this.#sending;
    clearTimeout(timer);
    if (this.#waiting.length === 0) return;
    const seconds = this.#limits.drainMs / 1000;
    this.#warn(`${this.#waiting.length} alarms were not sent within ${seconds} s of the end: look at the webhook's receiver`);
  }
}
