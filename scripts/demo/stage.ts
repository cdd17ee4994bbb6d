/** What a scenario plays on: it asks, says what it did in both languages, and checks what it claims. */
import { createHmac, randomBytes } from 'node:crypto';
import { agency, type DemoAgency } from './agencies.js';
import type { Client, Json, Written } from './client.js';
import { type Digest, digest } from './digest.js';
import { adviceFor, DemoFault } from './fault.js';
import type { Memory } from './memory.js';
import { type Papers, papersOf } from './papers.js';

export interface Telling {
  /** one step or one finding, in both languages, with what the ledger answered */
  tell(zh: string, en: string, detail?: string): void;
}

export interface StageOptions {
  readonly client: Client;
  readonly telling: Telling;
  readonly scenario: number;
  /** capital letters; part of every id of this run */
  readonly run: string;
  readonly memory: Memory;
  /** whether certificates are issued over the documents as they stand in `scripts/demo/files` */
  readonly originals: boolean;
}

export interface Refused {
  readonly status: number;
  readonly code: string;
}

/** Equal as JSON, whatever the order of keys. */
function same(left: unknown, right: unknown): boolean {
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== 'object') return value;
    return Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]);
  };
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function prefixOf(scenario: number, run: string): string {
  return `s${scenario}-${run}`;
}

/** The id of the case that a scenario turns on, in some run of it. */
export function caseIdOf(scenario: number, run: string, { as, name }: { readonly as: string; readonly name: string }): string {
  return `${agency(as).province.slice(0, 2)}-${prefixOf(scenario, run)}-${name}`;
}

export class Stage {
  readonly client: Client;
  readonly memory: Memory;
  readonly papers: Papers;
  readonly #telling: Telling;
  readonly #prefix: string;
  readonly #base: number;
  #writes = 0;
  #now: string;

  constructor({ client, telling, scenario, run, memory, originals }: StageOptions) {
    this.client = client;
    this.memory = memory;
    this.#telling = telling;
    this.#prefix = prefixOf(scenario, run);
    this.#base = Date.parse(memory.recall(`${this.#prefix}.base`, () => new Date().toISOString()));
    this.#now = new Date(this.#base).toISOString();
    this.papers = papersOf(originals ? undefined : run);
  }

  /** An id that a client chooses: it begins with its agency's province. */
  id(as: string, name: string): string {
    return `${agency(as).province.slice(0, 2)}-${this.#prefix}-${name}`;
  }

  /** This run's mark, for licence serials. */
  get serial(): string {
    return this.#prefix.replace('-', '').toUpperCase();
  }

  /** An instant some minutes from when the run began. */
  at(minutes: number): string {
    return new Date(this.#base + minutes * 60_000).toISOString();
  }

  /** The time of the last transaction: what was just done was done then, and a run that goes on says so again. */
  get now(): string {
    return this.#now;
  }

  /** A keyed digest of something guessable, under a salt that stays with the agency. */
  keyed(name: string, content: string): Digest {
    const salt = this.memory.recall(`${this.#prefix}.salt.${name}`, () => randomBytes(32).toString('hex'));
    return { alg: 'sha-256', value: createHmac('sha256', Buffer.from(salt, 'hex')).update(content).digest('hex') };
  }

  /** The digest of a short text of the run itself: findings, a notice, an inventory. */
  note(text: string): Digest {
    return digest(`${this.#prefix} ${text}`);
  }

  tell(zh: string, en: string, detail?: string): void {
    this.#telling.tell(zh, en, detail);
  }

  #key(): string {
    return `demo-${this.#prefix}-${String(++this.#writes).padStart(3, '0')}`;
  }

  /** A write that must succeed. @throws DemoFault */
  async write(zh: string, en: string, as: string, path: string, body: Json = {}): Promise<Written> {
    const written = (await this.client.post(path, agency(as), body, this.#key())) as unknown as Written;
    const { id, block, time } = written.transaction;
    this.#now = time;
    this.tell(zh, en, `POST ${path} → 201, block ${block}, transaction ${id.slice(0, 12)}…`);
    return written;
  }

  /** A write that must be refused with just this code. @throws DemoFault */
  async refused(zh: string, en: string, as: string, path: string, body: Json, expected: Refused): Promise<Json> {
    const { status, body: problem } = await this.client.ask('POST', path, agency(as), body, this.#key());
    if (status !== expected.status || problem.code !== expected.code)
      throw new DemoFault(
        `POST ${path} was answered ${status} ${JSON.stringify(problem)}, not ${expected.status} ${expected.code}.`,
        adviceFor(status, String(problem.code)),
      );
    this.tell(zh, en, `POST ${path} → ${status} ${expected.code}`);
    return problem;
  }

  /** A fresh opaque handle for one matter; the number goes to the vault and nowhere else. */
  async subject(zh: string, en: string, as: string, type: 'citizen' | 'company', number: string): Promise<string> {
    const { subject } = await this.client.post('/v1/subjects', agency(as), { type, number }, this.#key());
    this.tell(zh, en, `POST /v1/subjects → 201, subject ${String(subject).slice(0, 12)}…`);
    return String(subject);
  }

  read(as: string, path: string): Promise<Json> {
    return this.client.get(path, agency(as));
  }

  /** @throws DemoFault when what the ledger answers is not what the scenario claims */
  check(zh: string, en: string, actual: unknown, expected: unknown): void {
    if (!same(actual, expected))
      throw new DemoFault(
        `${en}: expected ${JSON.stringify(expected)}, the ledger says ${JSON.stringify(actual)}.`,
        'This is a fault of the software: please report it with the output above.',
      );
    this.tell(`核对：${zh}`, `Checked: ${en}`, JSON.stringify(actual));
  }

  agency(key: string): DemoAgency {
    return agency(key);
  }
}
