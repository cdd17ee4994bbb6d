/** Pages of records, sorted by key: each answers one row more than asked for, which tells whether there are more. */
import type { RecordType } from '../../chaincode/state/keys.js';
import type { Page } from '../http/page.js';
import type { Store } from '../store/store.js';

export interface ListedRecord {
  readonly key: string;
  /** canonical JSON */
  readonly value: string;
}

/** `~` parts a key's parts, and DEL is the next character: so this is the range of all keys under a prefix. */
function range(prefix: string): readonly [string, string] {
  return [`${prefix}~`, `${prefix}\u007f`];
}

/** Records of one type whose first parts are these. */
export function listRecords({ db }: Store, type: RecordType, parts: readonly string[], page: Page): Promise<ListedRecord[]> {
  const [from, to] = range([type, ...parts].join('~'));
  return db
    .selectFrom('record')
    .select(['key', 'value'])
    .where('key', '>=', from)
    .where('key', '<', to)
    .$if(page.after !== undefined, (query) => query.where('key', '>', page.after as string))
    .orderBy('key')
    .limit(page.limit + 1)
    .execute();
}

export interface AgencyFilter {
  readonly province?: string;
  readonly kind?: string;
}

export function listAgencies({ db }: Store, { province, kind }: AgencyFilter, page: Page): Promise<ListedRecord[]> {
  return db
    .selectFrom('agency_index')
    .innerJoin('record', 'record.key', 'agency_index.key')
    .select(['agency_index.key', 'record.value'])
    .$if(province !== undefined, (query) => query.where('agency_index.province', '=', province as string))
    .$if(kind !== undefined, (query) => query.where('agency_index.kind', '=', kind as string))
    .$if(page.after !== undefined, (query) => query.where('agency_index.key', '>', page.after as string))
    .orderBy('agency_index.key')
    .limit(page.limit + 1)
    .execute();
}

/** Who each of some centres has agreed with, or asked. */
export async function listPartners({ db }: Store, centreIds: readonly string[]): Promise<Map<string, unknown[]>> {
  const partners = new Map<string, unknown[]>(centreIds.map((centreId) => [centreId, []]));
  if (centreIds.length === 0) return partners;
  const rows = await db
    .selectFrom('partner_index')
    .innerJoin('record', 'record.key', 'partner_index.key')
    .select(['partner_index.centre_id', 'record.value'])
    .where('partner_index.centre_id', 'in', centreIds)
    .orderBy('partner_index.key')
    .execute();
  for (const row of rows) partners.get(row.centre_id)?.push(JSON.parse(row.value));
  return partners;
}

export interface OfficerFilter {
  readonly centre?: string;
  readonly status?: string;
}

export function listOfficers({ db }: Store, { centre, status }: OfficerFilter, page: Page): Promise<ListedRecord[]> {
  return db
    .selectFrom('officer_index')
    .innerJoin('record', 'record.key', 'officer_index.key')
    .select(['officer_index.key', 'record.value'])
    .$if(centre !== undefined, (query) => query.where('officer_index.centre_id', '=', centre as string))
    .$if(status !== undefined, (query) => query.where('officer_index.status', '=', status as string))
    .$if(page.after !== undefined, (query) => query.where('officer_index.key', '>', page.after as string))
    .orderBy('officer_index.key')
    .limit(page.limit + 1)
    .execute();
}

export interface CatalogueFilter {
  readonly status?: string;
  readonly domain?: string;
  readonly audience?: string;
  readonly province?: string;
}

/**
 * The entries of a kind: of each code the version that counts (the published one, else the latest), or
 * with a status every version that has it.
 */
export function listCatalogue({ db }: Store, kind: string, filter: CatalogueFilter, page: Page): Promise<ListedRecord[]> {
  const { status, domain, audience, province } = filter;
  const [from, to] = range(`catalogue-version~${kind}`);
  return (
    db
      .selectFrom('catalogue_version as version')
      .innerJoin('catalogue_head as head', (join) =>
        join.onRef('head.kind', '=', 'version.kind').onRef('head.code', '=', 'version.code'),
      )
      .innerJoin('record', 'record.key', 'version.key')
      .select(['version.key', 'record.value'])
      .where('version.kind', '=', kind)
      // Said of the key too, so that a page is found in its order and nothing is sorted.
      .where('version.key', '>=', from)
      .where('version.key', '<', to)
      .$if(status !== undefined, (query) => query.where('version.status', '=', status as string))
      .$if(status === undefined, (query) =>
        query.where((eb) => eb('version.version', '=', eb.fn.coalesce('head.published', 'head.latest'))),
      )
      .$if(domain !== undefined, (query) => query.where('version.domain', '=', domain as string))
      .$if(audience !== undefined, (query) => query.where('version.audience', '=', audience as string))
      .$if(province !== undefined, (query) =>
        query.where((eb) =>
          eb.exists(
            eb
              .selectFrom('catalogue_province')
              .select('catalogue_province.key')
              .whereRef('catalogue_province.key', '=', 'version.key')
              .where('catalogue_province.province', '=', province as string),
          ),
        ),
      )
      .$if(page.after !== undefined, (query) => query.where('version.key', '>', page.after as string))
      .orderBy('version.key')
      .limit(page.limit + 1)
      .execute()
  );
}
