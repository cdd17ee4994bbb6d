/**
 * Which of a transaction's records its receipt may show to whom: who may read the thing may have the
 * evidence of it. Who wrote the transaction and auditors see all of it; a type that is not named here, nobody else.
 */
import { parseKey, type RecordType } from '../../chaincode/state/keys.js';
import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import type { UseRecord } from '../../chaincode/transactions/grant/use.js';
import type { Principal } from '../auth/principal.js';
import { seesAll } from '../auth/reading.js';
import { readsCase } from '../projection/case-lists.js';
import { findRecord } from '../projection/records.js';
import type { Store } from '../store/store.js';

type MayRead = (store: Store, agencyId: string, id: string) => Promise<boolean> | boolean;

const anyAgency: MayRead = () => true;

const grantParties: MayRead = async (store, agencyId, grantId) => {
  const grant = await findRecord<GrantRecord>(store, 'grant', grantId);
  return grant?.grantee === agencyId || grant?.provider === agencyId;
};

const useParties: MayRead = async (store, agencyId, useId) => {
  const use = await findRecord<UseRecord>(store, 'use', useId);
  return use !== undefined && grantParties(store, agencyId, use.grantId);
};

/** By the type of the key; `id` is its first part. */
const READERS: Partial<Record<RecordType, MayRead>> = {
  agency: anyAgency,
  feature: anyAgency,
  instrument: anyAgency,
  centre: anyAgency,
  partner: anyAgency,
  officer: anyAgency,
  'catalogue-head': anyAgency,
  'catalogue-version': anyAgency,
  opinion: anyAgency,
  guide: anyAgency,
  edition: anyAgency,
  'edition-head': anyAgency,
  case: readsCase,
  'case-party': readsCase,
  entry: readsCase,
  handoff: readsCase,
  session: readsCase,
  certificate: anyAgency,
  'certificate-digest': anyAgency,
  'certificate-batch': anyAgency,
  grant: grantParties,
  'grant-count': grantParties,
  use: useParties,
  release: useParties,
};

/** @param writer the agency whose transaction wrote the keys */
export async function readableKeys(
  store: Store,
  principal: Principal,
  writer: string,
  keys: readonly string[],
): Promise<string[]> {
  if (seesAll(principal) || principal.agencyId === writer) return [...keys];
  const may = await Promise.all(
    keys.map((key) => {
      const parsed = parseKey(key);
      const reads = parsed && READERS[parsed.type];
      return reads ? reads(store, principal.agencyId, parsed.parts[0] ?? '') : false;
    }),
  );
  return keys.filter((_key, index) => may[index]);
}
