/** One fault from beginning to end: writers write, something breaks, it is mended, and everything is compared. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { FabricOptions } from '../../../network/fabric/open.js';
import { unequalDatabases } from '../history/database.js';
import { count, type HistoryEvent } from '../history/history.js';
import { judge } from '../history/judge.js';
import { brokenRules } from '../history/rules.js';
import { certificate } from './acts.js';
import { type Arena, type Detours, until } from './arena.js';
import { type Client, openClient, type Told } from './client.js';
import { AGENCIES } from './stage.js';
import { startWorkload, type Workload } from './workload.js';

/** what is promised: a write is answered, if only with "unknown", within so long */
const DEADLINE_MS = 15_000;
/** for a machine on which all four provinces and the writers compete for two processors */
export const MARGIN_MS = 3000;
const RESOLVE_MS = 120_000;
const LAG_RESOLUTION_MS = 20;

export interface Report {
  /** broken promises, in words */
  readonly broken: readonly string[];
  /** what was measured, for the line that is printed */
  readonly figures: string;
}

/** @param lag milliseconds by which whoever measured may have been late */
export function lateAnswers<T extends Pick<Told, 'milliseconds'>>(told: readonly T[], lag: number): T[] {
  return told.filter(({ milliseconds }) => milliseconds > DEADLINE_MS + MARGIN_MS + lag);
}

/** Collects what a fault's own expectations and the checker find. */
export class Drill {
  readonly arena: Arena;
  readonly history: HistoryEvent[] = [];
  readonly broken: string[] = [];
  readonly figures: string[] = [];
  readonly #log: (line: string) => void;
  readonly #clients: Client[] = [];
  readonly #undo: (() => Promise<unknown> | unknown)[] = [];
  /** how long this process kept its own timers and answers waiting, nanoseconds */
  readonly #lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });

  constructor(arena: Arena, log: (line: string) => void = () => undefined) {
    this.arena = arena;
    this.#log = log;
    this.#lag.enable();
  }

  readonly listener = (event: HistoryEvent) => void this.history.push(event);

  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.broken.push(otherwise);
  }

  /** To be done at the end in every case, the last first. */
  after(work: () => Promise<unknown> | unknown): void {
    this.#undo.push(work);
  }

  async open(
    options: Partial<FabricOptions> & { readonly detours?: Detours; readonly home?: '310000' | '320000' } = {},
  ): Promise<Client> {
    const { detours, home, ...rest } = options;
    const client = await openClient(home ?? '310000', this.listener, {
      profileFile: this.arena.profile(home, detours),
      log: this.#log,
      ...rest,
    });
    this.#clients.push(client);
    await until('the client is ready', () => client.fabric.health().ready);
    return client;
  }

  /** Writers that are at work already when this resolves. */
  async work(client: Client, writers?: number): Promise<Workload> {
    const workload = startWorkload(client, writers);
    this.after(() => workload.stop());
    await until('the first writes are committed', () => workload.told.filter(({ kind }) => kind === 'ok').length >= 4);
    return workload;
  }

  /** Tries one write after another until one is committed. @returns how long that took from now on */
  async recovery(client: Client, patience = 120_000): Promise<number> {
    const begun = performance.now();
    await until(
      'a write is committed again',
      async () => (await client.write(certificate(AGENCIES[0] as (typeof AGENCIES)[number]))).kind === 'ok',
      patience,
    );
    return performance.now() - begun;
  }

  recovered(milliseconds: number): void {
    this.figures.push(`first commit ${(milliseconds / 1000).toFixed(1)} s after`);
  }

  /** Waits until the four peers have one height. */
  async caughtUp(): Promise<void> {
    const begun = performance.now();
    await this.arena.settled();
    this.figures.push(`caught up ${((performance.now() - begun) / 1000).toFixed(1)} s after`);
  }

  /** Every answer came within the deadline, the margin, and what this process itself was late at most. */
  timely(told: readonly Told[]): void {
    const lag = Math.max(0, this.#lag.max / 1e6 - LAG_RESOLUTION_MS);
    const late = lateAnswers(told, lag);
    const slowest = Math.max(0, ...told.map(({ milliseconds }) => milliseconds));
    const most = `${DEADLINE_MS / 1000} s and ${Math.round(MARGIN_MS + lag)} ms`;
    this.expect(late.length === 0, `${late.length} answers took longer than ${most}, the slowest ${slowest} ms`);
  }

  async #finish(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
    await this.arena.heal();
    for (const client of this.#clients) {
      const open = await client.resolve(RESOLVE_MS);
      for (const id of open)
        this.broken.push(`the outcome of ${id} is still unknown ${RESOLVE_MS / 1000} s after all was mended`);
      this.broken.push(...new Set(client.strange));
    }
    await pause(500);
    await this.arena.settled();
    const views = this.arena.views();
    this.broken.push(...judge(this.history, views), ...(views[0] ? brokenRules(views[0]) : []));
    this.broken.push(...unequalDatabases(await this.arena.databases()));
    const { ok, failed, unknown } = count(this.history);
    this.figures.push(`${ok} ok, ${failed} failed, ${unknown} unknown`);
  }

  /** Runs the fault, mends everything, compares, and closes what was opened. */
  async run(fault: (drill: Drill) => Promise<void>): Promise<Report> {
    try {
      await fault(this).catch((error) => this.broken.push(String(error)));
      await this.#finish().catch((error) => this.broken.push(String(error)));
    } finally {
      this.#lag.disable();
      for (const client of this.#clients) await client.close().catch(() => undefined);
    }
    return { broken: this.broken, figures: this.figures.join('; ') };
  }
}
