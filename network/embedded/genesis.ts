/** What a new ledger begins with: block 0 with the channel's configuration, and the four registrars' own entries. */
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { key } from '../../chaincode/state/keys.js';
import { CHANNEL } from '../channel.js';
import { encodeConfigEnvelope } from '../format/config.js';
import type { ProvinceIdentities } from '../identity/province.js';
import type { Wallet } from '../identity/wallet.js';
import type { Ledger } from '../ledger.js';
import { REGISTRARS } from '../registrars.js';
import type { Committer } from './committer.js';
import type { StateReader } from './simulation.js';
import { CONFIGURATION } from './validation.js';

export async function commitConfiguration(
  committer: Committer,
  provinces: readonly ProvinceIdentities[],
  now: number,
): Promise<void> {
  const members = provinces.map(({ province, authority, orderer }) => ({
    mspId: province.mspId,
    rootCertificate: authority.certificate,
    ordererCertificate: orderer.certificate,
  }));
  const envelope = encodeConfigEnvelope(CHANNEL, now, members);
  await committer.commit([envelope], [CONFIGURATION]);
}

/** Enters the registrars that are not there yet: all of them at first, the rest after a crash in between. */
export async function foundRegistrars(ledger: Ledger, wallet: Wallet, state: StateReader): Promise<void> {
  const missing = REGISTRARS.filter(({ province }) => state.get(key('founder', province)) === undefined);
  await Promise.all(
    missing.map(async ({ province, agencyId }) => {
      const signer = await wallet.signer({ agencyId, province, roles: ['registrar'] });
      const argument = encodeArgument({ operation: `found-${province}-0000000`, input: {} });
      await ledger.submit({ signer, function: 'registry:FoundRegistrar', argument });
    }),
  );
}
