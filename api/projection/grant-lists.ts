/** Lists of grants and of the attempts to use them. */
import { sql } from 'kysely';
import { ordinal } from '../../chaincode/state/keys.js';
import type { GrantStatus } from '../../chaincode/transactions/grant/grant-status.js';
import type { Page } from '../http/page.js';
import type { Store } from '../store/store.js';
import type { ListedRecord } from './lists.js';

export interface GrantFilter {
  readonly grantee?: string;
  readonly provider?: string;
  readonly dataSet?: string;
  readonly status?: GrantStatus;
  readonly overdue?: 'true' | 'false';
}

/** Milliseconds, for what depends on the time of the question. */
export interface GrantClock {
  readonly now: number;
  /** requests made before these instants have waited too long, by share class */
  readonly overdueBefore: Readonly<Record<string, number>>;
}

const IN_FORCE = ['active', 'suspended'] as const;

function isInForce(status: GrantStatus | undefined): boolean {
  return status === 'active' || status === 'suspended';
}

/** `reader` sees only grants that it gives or has; undefined sees all. */
export function listGrants(
  { db }: Store,
  reader: string | undefined,
  { grantee, provider, dataSet, status, overdue }: GrantFilter,
  { now, overdueBefore }: GrantClock,
  page: Page,
): Promise<ListedRecord[]> {
  return (
    db
      .selectFrom('grant_index')
      .innerJoin('record', (join) => join.on('record.key', '=', sql<string>`'grant~' || grant_index.grant_id`))
      .select(['grant_index.grant_id as key', 'record.value'])
      .$if(reader !== undefined, (query) =>
        query.innerJoin('grant_reader', (join) =>
          join.onRef('grant_reader.grant_id', '=', 'grant_index.grant_id').on('grant_reader.agency_id', '=', reader as string),
        ),
      )
      .$if(grantee !== undefined, (query) => query.where('grant_index.grantee', '=', grantee as string))
      .$if(provider !== undefined, (query) => query.where('grant_index.provider', '=', provider as string))
      .$if(dataSet !== undefined, (query) => query.where('grant_index.data_set', '=', dataSet as string))
      // Expiry is not recorded: what was in force runs out by itself.
      .$if(status === 'expired', (query) =>
        query.where('grant_index.status', 'in', IN_FORCE).where('grant_index.valid_to', '<', now),
      )
      .$if(status !== undefined && status !== 'expired', (query) => query.where('grant_index.status', '=', status as string))
      .$if(isInForce(status), (query) => query.where('grant_index.valid_to', '>=', now))
      .$if(overdue !== undefined, (query) =>
        query.where((eb) => {
          const late = eb.or(
            Object.entries(overdueBefore).map(([shareClass, instant]) =>
              eb('grant_index.share_class', '=', shareClass).and('grant_index.awaiting_since', '<', instant),
            ),
          );
          return overdue === 'true' ? late : eb.or([eb('grant_index.awaiting_since', 'is', null), eb.not(late)]);
        }),
      )
      .$if(page.after !== undefined, (query) => query.where('grant_index.grant_id', '>', page.after as string))
      .orderBy('grant_index.grant_id')
      .limit(page.limit + 1)
      .execute()
  );
}

export interface ListedUse extends ListedRecord {
  /** what the provider recorded about the data it gave out; canonical JSON */
  readonly release: string | null;
}

/** Every attempt to use a grant, in the order of the ledger. */
export async function listUses({ db }: Store, grantId: string, page: Page): Promise<ListedUse[]> {
  const [block, position] = (page.after ?? '~').split('~').map((part) => (part === '' ? -1 : Number(part)));
  const rows = await db
    .selectFrom('use_index')
    .innerJoin('record as use', 'use.key', 'use_index.key')
    .leftJoin('record as release', (join) => join.on('release.key', '=', sql<string>`'release~' || substr(use_index.key, 5)`))
    .select(['use_index.block', 'use_index.position', 'use.value', 'release.value as release'])
    .where('use_index.grant_id', '=', grantId)
    .where((eb) =>
      eb.or([
        eb('use_index.block', '>', block as number),
        eb('use_index.block', '=', block as number).and('use_index.position', '>', position as number),
      ]),
    )
    .orderBy('use_index.block')
    .orderBy('use_index.position')
    .limit(page.limit + 1)
    .execute();
  return rows.map((row) => ({ key: `${ordinal(row.block)}~${ordinal(row.position)}`, value: row.value, release: row.release }));
}

/** Keys of the uses of a grant in the blocks up to one, in the order of the ledger; one more than `most` shows that there are more. */
export async function useKeys({ db }: Store, grantId: string, block: number, most: number): Promise<string[]> {
  const rows = await db
    .selectFrom('use_index')
    .select('key')
    .where('grant_id', '=', grantId)
    .where('block', '<=', block)
    .orderBy('block')
    .orderBy('position')
    .limit(most + 1)
    .execute();
  return rows.map(({ key }) => key);
}
