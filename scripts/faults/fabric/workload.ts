/** Writers in several provinces: certificates, cases that are handed over, and grants that run out. */
import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from '../../../chaincode/errors.js';
import { LedgerConflict } from '../../../network/errors.js';
import { acceptance, certificate, grantRequest, offer, opening, use } from './acts.js';
import type { Agency, Client, Told, Write } from './client.js';
import { AGENCIES } from './stage.js';

/** What several ask for at once though one may win: a loser is refused, or finds that the state moved. */
const CONTENDED = ['case:AcceptHandoff', 'grant:UseGrant'];

/** One attempt of the workload's, with times of `performance.now()`. */
export type Ended = Told & { readonly function: string; readonly begunAt: number; readonly endedAt: number };

/** After a refusal for want of peers or orderers: as a client does, that reads Retry-After. */
const BACKOFF_MS = 250;
const MAX_USES = 2;

export interface Workload {
  /** no new write is begun; resolves when all that were begun have ended */
  stop(): Promise<void>;
  /** every attempt that ended so far, in this order */
  readonly told: readonly Ended[];
}

/** Attempts that no other writer explains: a refusal or a conflict where nobody competed, an outcome that is unknown, and whatever else. */
export function mishaps(told: readonly Ended[]): Ended[] {
  const lost = ({ function: name, ...one }: Ended) =>
    CONTENDED.includes(name) && one.kind === 'failed' && (one.error instanceof Refusal || one.error instanceof LedgerConflict);
  return told.filter((one) => one.kind !== 'ok' && !lost(one));
}

export interface Pace {
  readonly writes: number;
  /** milliseconds to the commit; 0 without writes */
  readonly p99: number;
}

/** Of commits for which nobody competed: the others take as long as it takes to lose. */
export function pace(told: readonly Ended[]): Pace {
  const own = told.filter(({ kind, function: name }) => kind === 'ok' && !CONTENDED.includes(name));
  const times = own.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
  return { writes: times.length, p99: times[Math.ceil(times.length * 0.99) - 1] ?? 0 };
}

class Writers {
  readonly told: Ended[] = [];
  stopped = false;
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async #write(write: Write): Promise<boolean> {
    if (this.stopped) return false;
    const begunAt = performance.now();
    const told = await this.#client.write(write);
    this.told.push({ ...told, function: write.function, begunAt, endedAt: performance.now() });
    if (told.kind === 'failed') await pause(BACKOFF_MS);
    return told.kind === 'ok';
  }

  async #certificates(own: Agency): Promise<void> {
    await this.#write(certificate(own));
  }

  /** Two accept at once: one wins. */
  async #case(own: Agency, other: Agency): Promise<void> {
    const { caseId, ...open } = opening(own);
    if (!(await this.#write(open)) || !(await this.#write(offer(own, other, caseId)))) return;
    await Promise.all([this.#write(acceptance(other, caseId)), this.#write(acceptance(other, caseId))]);
  }

  /** One use more than allowed, all at once. */
  async #grant(own: Agency, other: Agency): Promise<void> {
    const { grantId, ...request } = grantRequest(own, other, MAX_USES);
    if (!(await this.#write(request))) return;
    await Promise.all(Array.from({ length: MAX_USES + 1 }, () => this.#write(use(own, grantId))));
  }

  async run(index: number): Promise<void> {
    const [own, other] = [AGENCIES[index % 4], AGENCIES[(index + 1) % 4]] as [Agency, Agency];
    const turns = [() => this.#certificates(own), () => this.#case(own, other), () => this.#grant(own, other)];
    for (let turn = index; !this.stopped; turn += 1) await turns[turn % turns.length]?.();
  }
}

/** @param count so many writers, their provinces by turns */
export function startWorkload(client: Client, count = 4): Workload {
  const writers = new Writers(client);
  const running = Promise.all(Array.from({ length: count }, (_, index) => writers.run(index)));
  return {
    told: writers.told,
    stop: async () => {
      writers.stopped = true;
      await running;
    },
  };
}
