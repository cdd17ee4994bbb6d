/** Whether the ledger was founded: its first entries are the registrars, who admit everybody else. */
import { setTimeout as delay } from 'node:timers/promises';
import { PROVINCES, type ProvinceCode } from '../chaincode/provinces.js';
import { LedgerUnavailable } from '../network/errors.js';
import type { Deps } from './deps.js';
import { findRecord } from './projection/records.js';
import type { Store } from './store/store.js';

const PATIENCE_MS = 5000;
const PAUSE_MS = 200;

async function missingFounders(store: Store, served: ProvinceCode | undefined): Promise<string[]> {
  const missing: string[] = [];
  for (const { code, slug } of PROVINCES)
    if ((served === undefined || served === code) && !(await findRecord(store, 'founder', code))) missing.push(slug);
  return missing;
}

/**
 * Waits until the tables have all that the ledger has, registrars among it. Peers that were started a moment ago may
 * not say yet how long the chain is, or be a few blocks short of it.
 * @param served the one province that is served; all four without it
 * @throws LedgerUnavailable when a registrar of what is served is not on the ledger
 */
export async function awaitFounders(
  { store, ledger, projection }: Pick<Deps, 'store' | 'ledger' | 'projection'>,
  served: ProvinceCode | undefined,
  patience = PATIENCE_MS,
): Promise<void> {
  for (const began = performance.now(); ; await delay(PAUSE_MS)) {
    const { height } = await ledger.info();
    await projection.waitFor(height - 1);
    const missing = await missingFounders(store, served);
    if (missing.length === 0) return;
    if (performance.now() - began < patience) continue;
    throw new LedgerUnavailable(
      height === 0
        ? 'no peer says how long the chain is: see npm run network -- status, and start again'
        : `it has no registrar of ${missing.join(', ')}: run npm run network -- up, which enters them, and start again`,
    );
  }
}
