/** Uses and releases that do not agree, a page at a time. */
import { sql } from 'kysely';
import type { ReleaseRecord, UseRecord } from '../../chaincode/transactions/grant/use.js';
import type { Calendar } from '../calendar/working-days.js';
import type { Page } from '../http/page.js';
import type { Store } from '../store/store.js';
import type { Period } from './period.js';
import { type Finding, findingsOf } from './reconcile.js';

export interface Unreconciled {
  /** what the list is sorted by: recorded time of the use, and its id */
  readonly key: string;
  readonly useId: string;
  readonly findings: readonly Finding[];
  readonly use: UseRecord | undefined;
  readonly release: ReleaseRecord | undefined;
}

interface Row {
  readonly time: number;
  readonly use_id: string;
  readonly use: string | null;
  readonly release: string | null;
}

const WIDTH = 15;

function keyOf({ time, use_id }: Row): string {
  return `${String(time).padStart(WIDTH, '0')} ${use_id}`;
}

function readRows({ db }: Store, { from, to }: Period, after: string | undefined, limit: number): Promise<Row[]> {
  const [time, useId] = after === undefined ? [from, ''] : [Number(after.slice(0, WIDTH)), after.slice(WIDTH + 1)];
  return db
    .selectFrom('unreconciled_use as listed')
    .leftJoin('record as use', (join) => join.on('use.key', '=', sql<string>`'use~' || listed.use_id`))
    .leftJoin('record as release', (join) => join.on('release.key', '=', sql<string>`'release~' || listed.use_id`))
    .select(['listed.time', 'listed.use_id', 'use.value as use', 'release.value as release'])
    .where((eb) => eb(eb.refTuple('listed.time', 'listed.use_id'), '>', eb.tuple(time, useId)))
    .where('listed.time', '<', to)
    .orderBy('listed.time')
    .orderBy('listed.use_id')
    .limit(limit)
    .execute();
}

/** One more than the page takes, when there are more. A row in which this calendar finds nothing is passed over. */
export async function listUnreconciled(
  { store, calendar }: { readonly store: Store; readonly calendar: Calendar },
  period: Period,
  { limit, after }: Page,
): Promise<Unreconciled[]> {
  const found: Unreconciled[] = [];
  for (let last = after; found.length <= limit; ) {
    const rows = await readRows(store, period, last, limit + 1);
    for (const row of rows) {
      const use = row.use === null ? undefined : (JSON.parse(row.use) as UseRecord);
      const release = row.release === null ? undefined : (JSON.parse(row.release) as ReleaseRecord);
      const findings = findingsOf(use, release, calendar);
      if (findings.length > 0) found.push({ key: keyOf(row), useId: row.use_id, findings, use, release });
    }
    const end = rows.at(-1);
    if (!end || rows.length <= limit) break;
    last = keyOf(end);
  }
  return found.slice(0, limit + 1);
}
