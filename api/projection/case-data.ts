/**
 * Which data were used in a case, out of the trace. Anybody may name a case in a request for data, or try another's grant
 * for it: what agencies do that do not read the case is neither told of it nor in the way of what is.
 */
import type { Store } from '../store/store.js';
import type { TracedDetail } from './trace/traced.js';

/** Ids of the grants that readers of the case requested or used for it in the blocks up to one, sorted. */
export async function grantsOfCase({ db }: Store, caseId: string, block: number): Promise<string[]> {
  const rows = await db
    .selectFrom('trace')
    .innerJoin('case_reader', (join) =>
      join.onRef('case_reader.case_id', '=', 'trace.case_id').onRef('case_reader.agency_id', '=', 'trace.agency'),
    )
    .select('trace.grant_id as id')
    .distinct()
    .where('trace.case_id', '=', caseId)
    .where('trace.grant_id', 'is not', null)
    .where('trace.block', '<=', block)
    .orderBy('id')
    .execute();
  return rows.flatMap(({ id }) => id ?? []);
}

export interface UsesForCase {
  readonly grantId: string;
  readonly caseId: string;
  /** whether the grant names the case: then attempts that name none were made for it */
  readonly isOwn: boolean;
}

/**
 * Ids of its readers' attempts to use a grant for a case, in the order of the ledger; one more than `most` shows that there
 * are more. Grant and case stand in the one row of an attempt whose `place` is 0.
 */
export async function useIdsForCase(
  { db }: Store,
  { grantId, caseId, isOwn }: UsesForCase,
  block: number,
  most: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('trace')
    .innerJoin('case_reader', (join) =>
      join.on('case_reader.case_id', '=', caseId).onRef('case_reader.agency_id', '=', 'trace.agency'),
    )
    .select('trace.detail')
    .where('trace.grant_id', '=', grantId)
    .where((eb) => eb.or([eb('trace.case_id', '=', caseId), ...(isOwn ? [eb('trace.case_id', 'is', null)] : [])]))
    .where('trace.decision', 'is not', null)
    .where('trace.block', '<=', block)
    .orderBy('trace.block')
    .orderBy('trace.position')
    .limit(most + 1)
    .execute();
  return rows.map(({ detail }) => (JSON.parse(detail) as TracedDetail).record.id);
}
