/** Whether the ledger was founded: its first entries are the registrars, who admit everybody else. */
import { PROVINCES, type ProvinceCode } from '../chaincode/provinces.js';
import { LedgerUnavailable } from '../network/errors.js';
import { findRecord } from './projection/records.js';
import type { Store } from './store/store.js';

/**
 * @param served the one province that is served; all four without it
 * @throws LedgerUnavailable when a registrar of what is served is not on the ledger
 */
export async function checkFounders(store: Store, served: ProvinceCode | undefined): Promise<void> {
  const missing: string[] = [];
  for (const { code, slug } of PROVINCES)
    if ((served === undefined || served === code) && !(await findRecord(store, 'founder', code))) missing.push(slug);
  if (missing.length > 0)
    throw new LedgerUnavailable(
      `it has no registrar of ${missing.join(', ')}: run npm run network -- up, which enters them, and start again`,
    );
}
