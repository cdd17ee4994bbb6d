/** Cases of one person, who is known by several handles. */
import { sql } from 'kysely';
import type { Page } from '../http/page.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';
import type { ListedRecord } from './lists.js';
import { mergeDown, type Source } from './merge-down.js';

const WIDTH = 16;
/** Above every key: no case was opened then. */
const ABOVE_ALL = '9'.repeat(WIDTH);

/** Parameters: the subject, below which opening and id, how many rows. */
export const selectCasesOf = (db: Store['db'], p: (index: number) => never) =>
  db
    .selectFrom('case_index')
    .innerJoin('record', (join) => join.on('record.key', '=', sql<string>`'case~' || case_index.case_id`))
    .select(['case_index.opened_at', 'case_index.case_id', 'record.value'])
    .where('case_index.subject', '=', p(0))
    .where((eb) => eb(eb.refTuple('case_index.opened_at', 'case_index.case_id'), '<', eb.tuple<number, string>(p(1), p(2))))
    .orderBy('case_index.opened_at', 'desc')
    .orderBy('case_index.case_id', 'desc')
    .limit(p(3));

const select = prepare(selectCasesOf);

/** The case that was opened last comes first. */
export function listCasesOf(
  { db }: Store,
  subjects: readonly string[],
  { limit, after = ABOVE_ALL }: Page,
): Promise<ListedRecord[]> {
  const sources = subjects.map(
    (subject): Source<ListedRecord> =>
      async (below, count) => {
        const rows = await select(db, subject, Number(below.slice(0, WIDTH)), below.slice(WIDTH + 1), count);
        return rows.map(({ opened_at, case_id, value }) => ({
          key: `${String(opened_at).padStart(WIDTH, '0')}.${case_id}`,
          value,
        }));
      },
  );
  return mergeDown(sources, after, limit + 1);
}
