/** Lists of cases, and who reads which. */
import { sql } from 'kysely';
import type { Page } from '../http/page.js';
import { prepare } from '../store/prepared.js';
import type { Store } from '../store/store.js';
import type { ListedRecord } from './lists.js';

const NEVER = Number.MAX_SAFE_INTEGER;

const selectReader = prepare((db, p) =>
  db.selectFrom('case_reader').select('party').where('agency_id', '=', p(0)).where('case_id', '=', p(1)),
);

/** Whether an agency is a party of a case or a responsible department of its item. */
export async function readsCase({ db }: Store, agencyId: string, caseId: string): Promise<boolean> {
  return (await selectReader(db, agencyId, caseId)).length > 0;
}

export interface CaseFilter {
  readonly holder?: string;
  readonly status?: string;
  readonly item?: string;
  readonly overdue?: 'true' | 'false';
}

/** Milliseconds, for what depends on the time of the question. */
export interface CaseClock {
  readonly now: number;
  /** offers made before this instant have waited too long for an answer */
  readonly offeredBefore: number;
}

/** `reader` sees only what it may read; undefined sees all. */
export function listCases(
  { db }: Store,
  reader: string | undefined,
  { holder, status, item, overdue }: CaseFilter,
  { now, offeredBefore }: CaseClock,
  page: Page,
): Promise<ListedRecord[]> {
  return db
    .selectFrom('case_index')
    .innerJoin('record', (join) => join.on('record.key', '=', sql<string>`'case~' || case_index.case_id`))
    .select(['case_index.case_id as key', 'record.value'])
    .$if(reader !== undefined, (query) =>
      query.innerJoin('case_reader', (join) =>
        join.onRef('case_reader.case_id', '=', 'case_index.case_id').on('case_reader.agency_id', '=', reader as string),
      ),
    )
    .$if(holder !== undefined, (query) => query.where('case_index.holder', '=', holder as string))
    .$if(status !== undefined, (query) => query.where('case_index.status', '=', status as string))
    .$if(item !== undefined, (query) => query.where('case_index.item', '=', item as string))
    .$if(overdue !== undefined, (query) =>
      query.where((eb) => {
        // A column that is null compares as neither: nothing there can be late.
        const [due, offered] = [eb.fn.coalesce('late_after', eb.lit(NEVER)), eb.fn.coalesce('offered_since', eb.lit(NEVER))];
        const late = eb.or([eb(due, '<', now), eb(offered, '<', offeredBefore)]);
        return overdue === 'true' ? late : eb.not(late);
      }),
    )
    .$if(page.after !== undefined, (query) => query.where('case_index.case_id', '>', page.after as string))
    .orderBy('case_index.case_id')
    .limit(page.limit + 1)
    .execute();
}
