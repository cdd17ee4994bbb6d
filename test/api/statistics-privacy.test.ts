import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Counted, countRecord, GROUP_SIZE, type Measure } from '../../api/projection/statistic.js';
import { readStatistics } from '../../api/projection/statistics.js';
import { resetProjection } from '../../api/projection/tables.js';
import { transact } from '../../api/store/direct.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';

const MONTHS = ['2026-10', '2026-11'];
const MEASURES: readonly Measure[] = ['cases', 'sessions', 'certificates', 'uses.denied', 'handoffs.0', 'handoffs.3'];

/** Few values, so that groups fill up; each measure with traits that others lack. */
const record: fc.Arbitrary<Counted> = fc.record({
  measure: fc.constantFrom(...MEASURES),
  time: fc.constantFrom(...MONTHS.map((month) => `${month}-10T04:00:00Z`)),
  traits: fc.record(
    {
      item: fc.constantFrom('licence', 'aid'),
      mode: fc.constantFrom('standard', 'assisted'),
      province: fc.constantFrom('310000', '320000'),
      centre: fc.constantFrom('11310000CENTRE001X', '11320000CENTRE002X'),
    },
    { requiredKeys: ['province'] },
  ),
});
/** Records come in runs, or hardly any group would ever reach five. */
const records = fc
  .array(fc.tuple(record, fc.integer({ min: 1, max: 7 })), { minLength: 1, maxLength: 12 })
  .map((runs) => runs.flatMap(([one, times]) => Array.from({ length: times }, () => one)));

/** One number that was published: of what, in which table, on which day of the chain. */
interface Published {
  readonly where: string;
  readonly figure: number;
}

/** Every number in a tree of answers, but for ranges of hours and what is no count. */
function numbersIn(value: unknown, where: string): Published[] {
  if (typeof value === 'number') return [{ where, figure: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .filter(([name]) => !['medianWaitHours', 'block', 'groupSize'].includes(name))
    .flatMap(([name, inner]) => numbersIn(inner, `${where}/${(inner as { value?: string }).value ?? name}`));
}

/** What can be had by subtracting one published number, or the sum of two, from another one. */
function* subtractions(published: readonly Published[]): Generator<string | undefined> {
  const figures = [...new Set(published.map(({ figure }) => figure))];
  for (const whole of figures)
    for (const part of figures)
      for (const other of [0, ...figures]) {
        const rest = Math.abs(whole - part - other);
        yield rest > 0 && rest < GROUP_SIZE ? `${whole} - ${part} - ${other} = ${rest}` : undefined;
      }
}

const recovered = (published: readonly Published[]) => [...subtractions(published)].filter((found) => found !== undefined);

describe('what the public can work out from statistics', () => {
  let folder: string;
  let store: Store;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'statistics-'));
    store = await openSqliteStore(join(folder, 'store.db'));
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const empty = () => store.db.transaction().execute(resetProjection);
  const count = (one: Counted) => transact(store.db, (db) => countRecord(db, one));
  const answers = () => Promise.all([undefined, ...MONTHS].map((month) => readStatistics(store, 0, month)));

  it('is no number below five, whatever is subtracted from whatever, across tables, months and time', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (all) => {
        await empty();
        const published: Published[] = [];
        for (const [index, one] of all.entries()) {
          await count(one);
          published.push(...numbersIn(await answers(), String(index)));
        }
        for (const { figure, where } of published) expect(figure, where).toBeGreaterThanOrEqual(GROUP_SIZE);
        expect(recovered(published)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('is nothing at all about records beyond the last five of their group: without them the answers are the same', async () => {
    const nameOf = ({ measure, time, traits }: Counted) =>
      JSON.stringify([measure, time, traits.item, traits.mode, traits.province, traits.centre]);
    await fc.assert(
      fc.asyncProperty(records, async (all) => {
        await empty();
        for (const one of all) await count(one);
        const whole = JSON.stringify(await answers());
        const sizes = new Map<string, number>();
        for (const one of all) sizes.set(nameOf(one), (sizes.get(nameOf(one)) ?? 0) + 1);
        await empty();
        const left = new Map([...sizes].map(([name, size]) => [name, size - (size % GROUP_SIZE)]));
        for (const one of all) {
          const more = left.get(nameOf(one)) ?? 0;
          if (more > 0) await count(one);
          left.set(nameOf(one), more - 1);
        }
        expect(JSON.stringify(await answers())).toBe(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('would be a great deal, were cells below five only left out: the same subtraction finds them', () => {
    const cells = { standard: 9, assisted: 3 };
    const published = [
      { where: 'total', figure: cells.standard + cells.assisted },
      ...Object.entries(cells).map(([where, figure]) => ({ where, figure })),
    ].filter(({ figure }) => figure >= GROUP_SIZE);
    expect(recovered(published)).toContain('12 - 9 - 0 = 3');
    const grown = [
      { where: 'monday', figure: 6 },
      { where: 'tuesday', figure: 7 },
    ];
    expect(recovered(grown)).toContain('7 - 6 - 0 = 1');
  });

  it('still is what the tables are for: whole groups count in every table they belong to', async () => {
    await empty();
    const one: Counted = {
      measure: 'cases',
      time: '2026-11-10T04:00:00Z',
      traits: { item: 'aid', mode: 'standard', province: '310000' },
    };
    for (let index = 0; index < 12; index++) await count(one);
    for (let index = 0; index < 5; index++) await count({ ...one, traits: { ...one.traits, mode: 'assisted' } });
    const [all, october, november] = await answers();
    expect(all).toEqual({
      block: 0,
      groupSize: 5,
      total: { cases: 15 },
      by: {
        month: [{ value: '2026-11', cases: 15 }],
        item: [{ value: 'aid', cases: 15 }],
        mode: [
          { value: 'assisted', cases: 5 },
          { value: 'standard', cases: 10 },
        ],
        province: [{ value: '310000', cases: 15 }],
      },
    });
    expect(october).toEqual({ block: 0, groupSize: 5, month: '2026-10', total: {}, by: {} });
    expect(november?.by.mode).toEqual(all?.by.mode);
  });

  it('tells the median wait of hand-offs as a range of hours, of whole groups too', async () => {
    await empty();
    const wait = (range: number, times: number) =>
      Promise.all(
        Array.from({ length: times }, () =>
          count({ measure: `handoffs.${range}`, time: '2026-11-10T04:00:00Z', traits: { province: '310000' } }),
        ),
      );
    await wait(0, 4);
    expect((await answers())[0]?.total).toEqual({});
    await wait(1, 5);
    await wait(3, 9);
    expect((await answers())[0]?.total.handoffs).toEqual({ count: 10, medianWaitHours: { atLeast: 1, below: 4 } });
    await wait(6, 10);
    expect((await answers())[0]?.total.handoffs).toEqual({ count: 20, medianWaitHours: { atLeast: 24, below: 72 } });
    await wait(6, 10);
    expect((await answers())[0]?.total.handoffs).toEqual({ count: 30, medianWaitHours: { atLeast: 336 } });
  });
});
