/** Reads the trace, the newest first. Every page is a range of one index, however much was done. */
import { sql } from 'kysely';
import type { Period } from '../../audit/period.js';
import type { Listed, Page } from '../../http/page.js';
import { type PreparedQuery, prepare } from '../../store/prepared.js';
import type { Store } from '../../store/store.js';
import { TRACE_COLUMNS, TRACE_FILTERS, type TraceFilter, type TraceTable } from '../../store/trace-table.js';
import { mergeDown, type Source } from '../merge-down.js';

/** Everything, uses alone, or uses that were denied. */
export const TRACE_EXTENTS = ['all', 'uses', 'denied'] as const;
export type TraceExtent = (typeof TRACE_EXTENTS)[number];

export interface TraceQuestion extends Period {
  readonly filter: TraceFilter;
  /** several are handles of one person */
  readonly values: readonly string[];
  readonly extent: TraceExtent;
}

export interface TraceRow extends TraceTable, Listed {}

const WIDTHS = [16, 12, 8, 8] as const;

type Place = readonly [time: number, block: number, position: number, place: number];

/** Sorts as text as the four numbers sort. */
function keyOf(place: Place): string {
  return place.map((part, index) => String(part).padStart(WIDTHS[index] as number, '0')).join('.');
}

/** The query of one filter. Its parameters: what it is asked by, from when, below which four numbers, how many rows. */
export function selectTrace(filter: TraceFilter, extent: TraceExtent) {
  const column = TRACE_COLUMNS[filter];
  return (db: Store['db'], p: (index: number) => never) =>
    db
      .selectFrom('trace')
      .selectAll()
      .where(column, '=', p(0))
      .where('time', '>=', p(1))
      .where((eb) =>
        eb(
          eb.refTuple('time', 'block', 'position', 'place'),
          '<',
          eb.tuple<number, number, number, number>(p(2), p(3), p(4), p(5)),
        ),
      )
      // What a partial index holds must stand in the query as it does in the index, not as a parameter.
      .$if(filter === 'agency' && extent !== 'denied', (query) => query.where('place', '=', sql.lit(0)))
      .$if(extent === 'uses', (query) => query.where('decision', 'is not', null))
      .$if(extent === 'denied', (query) => query.where('decision', '=', sql.lit('denied')))
      .orderBy('time', 'desc')
      .orderBy('block', 'desc')
      .orderBy('position', 'desc')
      .orderBy('place', 'desc')
      .limit(p(6));
}

type Queries = Readonly<Record<TraceFilter, Readonly<Record<TraceExtent, PreparedQuery<TraceTable>>>>>;

const QUERIES = Object.fromEntries(
  TRACE_FILTERS.map((filter) => [
    filter,
    Object.fromEntries(TRACE_EXTENTS.map((extent) => [extent, prepare(selectTrace(filter, extent))])),
  ]),
) as Queries;

/** A page of what was done, the newest first by the time of its transaction. */
export function listTrace({ db }: Store, question: TraceQuestion, { limit, after }: Page): Promise<TraceRow[]> {
  const { filter, values, extent, from, to } = question;
  const query = QUERIES[filter][extent];
  const end = keyOf([to, 0, 0, 0]);
  const sources = values.map(
    (value): Source<TraceRow> =>
      async (below, count) => {
        const rows = await query(db, value, from, ...below.split('.').map(Number), count);
        return rows.map((row) => ({ ...row, key: keyOf([row.time, row.block, row.position, row.place]) }));
      },
  );
  return mergeDown(sources, after !== undefined && after < end ? after : end, limit + 1);
}
