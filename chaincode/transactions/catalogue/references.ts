/** What an entry names must be on the ledger: agencies of the province they are named for, instruments. */
import { Refusal } from '../../errors.js';
import { PROVINCE_CODES, type ProvinceCode } from '../../provinces.js';
import type { Tx } from '../../runtime/tx.js';
import { key } from '../../state/keys.js';
import type { AgencyRecord } from '../registry/agency.js';

/** @throws Refusal `catalogue.reference` naming the first that is not registered there */
export async function ensureAgencies(tx: Tx, named: Partial<Record<ProvinceCode, readonly string[]>>): Promise<void> {
  for (const province of PROVINCE_CODES)
    for (const agencyId of named[province] ?? []) {
      const agency = await tx.state.get<AgencyRecord>(key('agency', agencyId));
      if (agency?.province !== province) throw new Refusal('catalogue.reference', { id: agencyId });
    }
}

/** @throws Refusal `catalogue.reference` naming the first that is not registered */
export async function ensureInstruments(tx: Tx, codes: readonly string[] = []): Promise<void> {
  for (const code of codes)
    if ((await tx.state.get(key('instrument', code))) === undefined) throw new Refusal('catalogue.reference', { id: code });
}

/** @throws Refusal `catalogue.reference` naming the first that is no registered service centre */
export async function ensureCentres(tx: Tx, centreIds: readonly string[]): Promise<void> {
  for (const centreId of centreIds)
    if ((await tx.state.get(key('centre', centreId))) === undefined) throw new Refusal('catalogue.reference', { id: centreId });
}
