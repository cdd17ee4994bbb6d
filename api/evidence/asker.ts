/** In whose name the peers are asked for a receipt: the caller's where its key is here, else a registrar's of this API. */
import { PROVINCE_CODES } from '../../chaincode/provinces.js';
import type { AgencyRecord } from '../../chaincode/transactions/registry/agency.js';
import type { Signer } from '../../network/identity/signer.js';
import type { Deps } from '../deps.js';
import { Problem } from '../http/problem.js';
import { findAgency, findRecord } from '../projection/records.js';

type AskerDeps = Pick<Deps, 'store' | 'wallet' | 'settings'>;

async function heldHere({ store, wallet }: AskerDeps, agencyId: string): Promise<AgencyRecord | undefined> {
  const agency = await findAgency(store, agencyId);
  if (agency?.status !== 'active') return undefined;
  return (await wallet.holds(agencyId, agency.keyDigest)) ? agency : undefined;
}

/** The registrar that runs this API, as far as its key is here: the first of those whose provinces are served. */
export async function ownRegistrar(deps: AskerDeps): Promise<AgencyRecord | undefined> {
  for (const province of deps.settings.province ? [deps.settings.province] : PROVINCE_CODES) {
    const founder = await findRecord<Pick<AgencyRecord, 'agencyId'>>(deps.store, 'founder', province);
    const held = founder && (await heldHere(deps, founder.agencyId));
    if (held) return held;
  }
  return undefined;
}

/** @throws Problem `ledger.unavailable` when this API holds no key to ask with */
export async function askerFor(deps: AskerDeps, agencyId?: string): Promise<Signer> {
  const caller = agencyId === undefined ? undefined : await heldHere(deps, agencyId);
  const asker = caller ?? (await ownRegistrar(deps));
  if (!asker) throw new Problem('ledger.unavailable');
  return deps.wallet.signer(asker);
}
