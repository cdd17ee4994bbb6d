/** Which data were used in a case: the grants that name it or were used for it, out of its trace. */
import type { Store } from '../store/store.js';
import type { TracedDetail } from './trace/traced.js';

/**
 * Ids of grants in the blocks up to one, sorted, of agencies that read the case: anybody may name a case in a request for
 * data, and what strangers do is neither told of it nor in the way of what is.
 */
export async function grantsOfCase({ db }: Store, caseId: string, block: number): Promise<string[]> {
  const rows = await db
    .selectFrom('trace')
    .innerJoin('grant_index', 'grant_index.grant_id', 'trace.grant_id')
    .innerJoin('case_reader', (join) =>
      join.onRef('case_reader.case_id', '=', 'trace.case_id').onRef('case_reader.agency_id', '=', 'grant_index.grantee'),
    )
    .select('grant_index.grant_id as id')
    .distinct()
    .where('trace.case_id', '=', caseId)
    .where('trace.block', '<=', block)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}

/** Ids of the attempts to use a grant for a case, in the order of the ledger; one more than `most` shows that there are more. */
export async function useIdsForCase(
  { db }: Store,
  { grantId, caseId }: { readonly grantId: string; readonly caseId: string },
  block: number,
  most: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('trace')
    .select('detail')
    .where('case_id', '=', caseId)
    .where('grant_id', '=', grantId)
    .where('decision', 'is not', null)
    .where('block', '<=', block)
    .orderBy('block')
    .orderBy('position')
    .limit(most + 1)
    .execute();
  return rows.map(({ detail }) => (JSON.parse(detail) as TracedDetail).record.id);
}
