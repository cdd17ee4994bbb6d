/** The published figures, as they are answered. */
import { prepare } from '../store/prepared.js';
import type { StatisticTable } from '../store/statistic-tables.js';
import type { Store } from '../store/store.js';
import { DIMENSIONS, type Dimension, GROUP_SIZE, WAITS } from './statistic.js';

const selectFigures = prepare((db, p) =>
  db.selectFrom('statistic').select(['dimension', 'value', 'measure', 'count']).where('month', '=', p(0)),
);

/** Above `atLeast`, below `below` hours; without `below` there is no limit. */
interface Wait {
  readonly atLeast: number;
  readonly below?: number;
}

/** A figure is there from five records on; where it is not, there are fewer, or none. */
export interface Figures {
  readonly cases?: number;
  readonly handoffs?: { readonly count: number; readonly medianWaitHours: Wait };
  readonly sessions?: number;
  readonly certificates?: number;
  readonly uses?: { readonly permitted?: number; readonly denied?: number };
}

export interface Statistics {
  readonly block: number;
  readonly groupSize: number;
  readonly month?: string;
  readonly total: Figures;
  readonly by: Readonly<Partial<Record<Dimension | 'month', readonly (Figures & { readonly value: string })[]>>>;
}

type Figure = Pick<StatisticTable, 'measure' | 'count'>;

/** In which of the ranges of waiting the middle one lies; of two in the middle the shorter. */
function medianWait(counts: readonly number[]): Wait {
  const middle = Math.ceil(counts.reduce((sum, count) => sum + count, 0) / 2);
  let passed = 0;
  const range = counts.findIndex((count) => {
    passed += count;
    return passed >= middle;
  });
  const below = WAITS[range];
  return { atLeast: range === 0 ? 0 : (WAITS[range - 1] as number), ...(Number.isFinite(below) && { below: below as number }) };
}

function figuresOf(rows: readonly Figure[]): Figures {
  const counts = new Map(rows.map(({ measure, count }) => [measure, count]));
  const plain = (name: string, measure = name) => {
    const count = counts.get(measure);
    return count === undefined ? {} : { [name]: count };
  };
  const waits = WAITS.map((_limit, range) => counts.get(`handoffs.${range}`) ?? 0);
  const count = waits.reduce((sum, waited) => sum + waited, 0);
  const uses = { ...plain('permitted', 'uses.permitted'), ...plain('denied', 'uses.denied') };
  return {
    ...plain('cases'),
    ...(count > 0 && { handoffs: { count, medianWaitHours: medianWait(waits) } }),
    ...plain('sessions'),
    ...plain('certificates'),
    ...(Object.keys(uses).length > 0 && { uses }),
  };
}

function grouped<R>(rows: readonly R[], nameOf: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of rows) {
    const group = groups.get(nameOf(row));
    if (group) group.push(row);
    else groups.set(nameOf(row), [row]);
  }
  return groups;
}

function tableOf(rows: readonly (Figure & { readonly value: string })[]) {
  return [...grouped(rows, ({ value }) => value)]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([value, figures]) => ({ value, ...figuresOf(figures) }));
}

/** Of one month, or of all of them. The rows that are read are the figures themselves: nothing is counted here. */
export async function readStatistics({ db }: Store, block: number, month?: string): Promise<Statistics> {
  const rows = await selectFigures(db, month ?? '');
  const byDimension = grouped(rows, ({ dimension }) => dimension);
  const tables = (['month', ...DIMENSIONS] as const).flatMap((dimension) => {
    const figures = byDimension.get(dimension);
    return figures ? [[dimension, tableOf(figures)] as const] : [];
  });
  return {
    block,
    groupSize: GROUP_SIZE,
    ...(month !== undefined && { month }),
    total: figuresOf(byDimension.get('') ?? []),
    by: Object.fromEntries(tables),
  };
}
