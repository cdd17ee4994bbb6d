import { randomInt } from 'node:crypto';
import fc, { type AsyncCommand } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Business, createBusiness } from '../support/api-business.js';
import type { ApiAgency, ApiResponse } from '../support/api-world.js';
import { canonical } from '../support/case-world.js';
import { hash } from '../support/digests.js';
import { askers, type Read, type Readers, reads } from '../support/look-reads.js';
import { playTraced, type Traced } from '../support/trace-world.js';

const HISTORIES = Number(process.env.LOOK_HISTORIES ?? 20);
const SEED = Number(process.env.SEED ?? randomInt(2 ** 31));

/** All that a refusal may hold: nothing of what was asked for. */
const PROBLEM_MEMBERS = ['type', 'title', 'status', 'detail', 'code', 'retryable', 'instance'];

/** What the log should say: whether it can be written, and the last entry that is known to be right. */
interface Model {
  broken: boolean;
  last: { readonly number: number; readonly hash: string; readonly time: string };
}

interface Real {
  readonly business: Business;
  readonly reads: readonly Read[];
  readonly askers: readonly ApiAgency[];
  /** how many answers showed something, how many were kept back for want of an entry, and how many were refused */
  readonly tally: { shown: number; kept: number; refused: number };
}

type Command = AsyncCommand<Model, Real>;

const logOf = ({ business }: Real) => business.world.service.deps.store.db;
const entriesAfter = (real: Real, number: number) =>
  logOf(real).selectFrom('read_log').selectAll().where('number', '>', number).orderBy('number').execute();

interface Asked {
  readonly read: Read;
  readonly who: ApiAgency;
}

/** Whether an answer shows what was asked for exactly when it may: to its readers, and only once the look was recorded. */
function checkAnswer({ broken }: Model, { tally }: Real, { read, who }: Asked, { status, text, body }: ApiResponse): void {
  const isReader = read.readers.includes(who);
  const described = `${read.name} by ${who.roles} of ${who.province}: ${text.slice(0, 300)}`;
  const isRecorded = read.entries.length > 0;
  if (isReader && !(broken && isRecorded)) {
    expect([200, 201], described).toContain(status);
    expect(text, described).toContain(read.shows);
    if (isRecorded) tally.shown += 1;
    return;
  }
  tally[isReader ? 'kept' : 'refused'] += 1;
  const { code } = body;
  expect([status, code], described).toEqual(isReader ? [503, 'ledger.unavailable'] : [403, expect.stringMatching(/^auth\./)]);
  expect(PROBLEM_MEMBERS, described).toEqual(expect.arrayContaining(Object.keys(body)));
}

/** Several ask at once; then the log holds an entry for each thing that was answered, chained and in order, and no other. */
class Look implements Command {
  readonly #numbers: readonly number[];

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  check = () => true;

  async run(model: Model, real: Real): Promise<void> {
    const asked = this.#numbers.map((number): Asked => {
      const read = real.reads[number % real.reads.length] as Read;
      const place = Math.floor(number / real.reads.length);
      // Two of three times somebody who may.
      const who = place % 3 === 0 ? real.askers[place % real.askers.length] : read.readers[place % read.readers.length];
      return { read, who: who as ApiAgency };
    });
    const answers = await Promise.all(asked.map(({ read, who }) => read.ask(who)));
    for (const [index, answer] of answers.entries()) checkAnswer(model, real, asked[index] as Asked, answer);
    const due = asked.flatMap(({ read, who }) =>
      read.readers.includes(who) ? read.entries.map((entry) => ({ agency: who.agencyId, ...entry })) : [],
    );
    if (!model.broken) await this.#checkLog(model, real, due);
  }

  async #checkLog(model: Model, real: Real, due: readonly object[]): Promise<void> {
    const entries = await entriesAfter(real, model.last.number);
    const seen = entries.map(({ agency, action, thing, reason }) => ({ agency, action, thing, reason }));
    const sorted = (of: readonly object[]) => of.map(canonical).sort();
    expect(sorted(seen)).toEqual(sorted(due));
    for (const { hash: stated, ...entry } of entries) {
      expect([entry.number, entry.previous_hash]).toEqual([model.last.number + 1, model.last.hash]);
      expect(stated).toBe(hash(canonical(entry)));
      expect(entry.time >= model.last.time, `${entry.time} after ${model.last.time}`).toBe(true);
      model.last = { number: entry.number, hash: stated, time: entry.time };
    }
  }

  toString = () => `look ${this.#numbers}`;
}

async function setBroken(model: Model, real: Real, broken: boolean): Promise<void> {
  if (model.broken !== broken) {
    const [from, to] = broken ? (['read_log', 'read_log_away'] as const) : (['read_log_away', 'read_log'] as const);
    await logOf(real).schema.alterTable(from).renameTo(to).execute();
  }
  model.broken = broken;
}

/** From here on the log takes no entry. */
class Break implements Command {
  check = ({ broken }: Readonly<Model>) => !broken;
  run = (model: Model, real: Real) => setBroken(model, real, true);
  toString = () => 'break';
}

/** The log takes entries again, and nothing that was asked in between has left one. */
class Mend implements Command {
  check = ({ broken }: Readonly<Model>) => broken;
  async run(model: Model, real: Real): Promise<void> {
    await setBroken(model, real, false);
    expect(await entriesAfter(real, model.last.number)).toEqual([]);
  }
  toString = () => 'mend';
}

const commands = fc.commands(
  [
    fc.array(fc.nat(9999), { minLength: 1, maxLength: 4 }).map((numbers) => new Look(numbers)),
    fc.array(fc.nat(9999), { minLength: 1, maxLength: 1 }).map((numbers) => new Look(numbers)),
    fc.constant(new Break()),
    fc.constant(new Mend()),
  ],
  { maxCommands: 25, size: 'max' },
);

describe('rule 13 over random histories of looks', () => {
  let business: Business;
  let traced: Traced;
  let readers: Readers;
  beforeAll(async () => {
    business = await createBusiness();
    traced = await playTraced(business);
    const { world } = business;
    readers = {
      portal: await world.agency('310000', ['application'], 'portal'),
      auditor: await world.agency('310000', ['auditor'], 'auditor'),
    };
  });
  afterAll(() => business.world.close());

  it(`every answer has its entry, and there is none without, over ${HISTORIES} histories from seed ${SEED}`, async () => {
    console.log(`looks: SEED=${SEED} LOOK_HISTORIES=${HISTORIES}`);
    const tally = { shown: 0, kept: 0, refused: 0 };
    const real: Real = { business, reads: reads(business, traced, readers), askers: askers(business, traced, readers), tally };
    const property = fc.asyncProperty(commands, async (steps) => {
      const last = (await entriesAfter(real, 0)).at(-1) ?? { number: 0, hash: '0'.repeat(64), time: '' };
      const model: Model = { broken: false, last };
      try {
        await fc.asyncModelRun(() => ({ model, real }), steps);
      } finally {
        await setBroken(model, real, false);
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: HISTORIES });
    for (const count of Object.values(real.tally)) expect(count, JSON.stringify(real.tally)).toBeGreaterThanOrEqual(HISTORIES);
  }, 600_000);
});
