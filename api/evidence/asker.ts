/** In whose name the peers are asked for a receipt: the caller's where its key is here, else a registrar's of this API. */
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import type { Signer } from '../../network/identity/signer.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { findAgency, findRecord } from '../projection/records.js';

/** @throws Problem `ledger.unavailable` when this API holds no key to ask with */
export async function askerFor(
  { store, wallet, settings }: Pick<Deps, 'store' | 'wallet' | 'settings'>,
  agencyId?: string,
): Promise<Signer> {
  const provinces = settings.province ? [settings.province] : PROVINCE_CODES;
  const founders = await Promise.all(
    provinces.map((province) => findRecord<Pick<AgencyRecord, 'agencyId'>>(store, 'founder', province)),
  );
  for (const candidate of [agencyId, ...founders.map((founder) => founder?.agencyId)]) {
    if (candidate === undefined || !wallet.holds(candidate)) continue;
    const agency = await findAgency(store, candidate);
    if (agency?.status === 'active') return wallet.signer(agency);
  }
  throw new Problem('ledger.unavailable');
}
