/**
 * Counts for the public. Records that agree in everything told apart (their group) are published five at a time:
 * a group's 5th record adds five to every figure it belongs to, its 10th five more. Every published figure, of any
 * table and at any time, is then a sum of whole groups of five, and so is whatever figures give by subtraction;
 * records beyond the last five of their group change nothing that anybody sees.
 */
import type { Kysely } from 'kysely';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';

export const GROUP_SIZE = 5;

export const DIMENSIONS = ['item', 'domain', 'mode', 'channel', 'province', 'centre'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** How long a hand-off waited for its answer: upper limits in hours, the last without one. */
export const WAITS = [1, 4, 24, 72, 168, 336, Number.POSITIVE_INFINITY] as const;

export type Measure = 'cases' | 'sessions' | 'certificates' | 'uses.permitted' | 'uses.denied' | `handoffs.${number}`;

/** A record to be counted: what it is, when, and what it is told apart by. */
export interface Counted {
  readonly measure: Measure;
  /** RFC 3339 */
  readonly time: string;
  readonly traits: Readonly<Partial<Record<Dimension, string | undefined>>>;
}

const HOUR = 60 * 60_000;
const BEIJING_OFFSET = 8 * HOUR;

/** The measure of a hand-off that was answered. */
export function handoffMeasure(offeredAt: string, answeredAt: string): Measure {
  const hours = Math.max(0, Date.parse(answeredAt) - Date.parse(offeredAt)) / HOUR;
  return `handoffs.${WAITS.findIndex((limit) => hours < limit)}`;
}

/** The month in Beijing, `2026-11`. */
export function monthOf(time: string): string {
  return new Date(Date.parse(time) + BEIJING_OFFSET).toISOString().slice(0, 7);
}

const addToGroup = prepare((db, p) =>
  db
    .insertInto('statistic_group')
    .values({ name: p(0), count: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ count: eb('statistic_group.count', '+', 1) })))
    .returning('count'),
);

const publish = prepare((db, p) =>
  db
    .insertInto('statistic')
    .values({ month: p(0), dimension: p(1), value: p(2), measure: p(3), count: GROUP_SIZE })
    .onConflict((conflict) =>
      conflict
        .columns(['month', 'dimension', 'value', 'measure'])
        .doUpdateSet((eb) => ({ count: eb('statistic.count', '+', GROUP_SIZE) })),
    ),
);

export async function countRecord(db: StoreTransaction, { measure, time, traits }: Counted): Promise<void> {
  const month = monthOf(time);
  const known = DIMENSIONS.flatMap((dimension) => {
    const value = traits[dimension];
    return value === undefined ? [] : [[dimension, value] as const];
  });
  const [group] = await addToGroup(db, JSON.stringify([measure, month, ...known]));
  if (!group || group.count % GROUP_SIZE !== 0) return;
  for (const [dimension, value] of [['', ''], ...known] as const)
    for (const of of [month, '']) await publish(db, of, dimension, value, measure);
  await publish(db, '', 'month', month, measure);
}

export async function createGroups(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('statistic_group')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('count', 'integer', (column) => column.notNull())
    .execute();
}

export async function createStatistics(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('statistic')
    .addColumn('month', 'text', (column) => column.notNull())
    .addColumn('dimension', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('measure', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('statistic_pk', ['month', 'dimension', 'value', 'measure'])
    .execute();
}
