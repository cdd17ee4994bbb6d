/** What statistics tell cases and uses apart by: the item and its domain, and for what belongs to a case its mode and channel. */
import { key } from '../../chaincode/state/keys.js';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import { versionKey } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import { prepare } from '../store/prepared.js';
import type { StoreTransaction } from '../store/store.js';
import type { Counted } from './statistic.js';

const selectDomain = prepare((db, p) => db.selectFrom('catalogue_version').select('domain').where('key', '=', p(0)));
const selectListed = prepare((db, p) =>
  db
    .selectFrom('catalogue_version')
    .select('domain')
    .where('key', '>=', p(0))
    .where('key', '<', p(1))
    .orderBy('key', 'desc')
    .limit(1),
);
const selectCase = prepare((db, p) => db.selectFrom('record').select('value').where('key', '=', p(0)));

/** The item of a version that is in the catalogue. */
export async function itemTraits(db: StoreTransaction, item: CaseRecord['item']): Promise<Counted['traits']> {
  const [row] = await selectDomain(db, versionKey('service-items', item.code, item.version));
  return { item: item.code, domain: row?.domain ?? undefined };
}

/** The item that an agency named: nothing unless there is one, since codes of anybody's making are not for publication. */
export async function namedItemTraits(db: StoreTransaction, code: string): Promise<Counted['traits']> {
  const prefix = key('catalogue-version', 'service-items', code);
  const [row] = await selectListed(db, `${prefix}~`, `${prefix}\u007f`);
  return row ? { item: code, domain: row.domain ?? undefined } : {};
}

export async function caseTraits(db: StoreTransaction, { item, mode, channel }: CaseRecord): Promise<Counted['traits']> {
  return { ...(await itemTraits(db, item)), mode, channel };
}

/** @throws Error when there is no such case: nothing of one is written before its opening */
export async function traitsOfCase(db: StoreTransaction, caseId: string): Promise<Counted['traits']> {
  const [row] = await selectCase(db, key('case', caseId));
  if (!row) throw new Error(`there is no case ${caseId}`);
  return caseTraits(db, JSON.parse(row.value) as CaseRecord);
}
