/** One attempt at a write: signed with the agency's own key, and what became of it. */

import type { ProvinceCode } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import type { Signer } from '../../network/identity/signer.js';
import type { Wallet } from '../../network/identity/wallet.js';
import type { Ledger } from '../../network/ledger.js';
import { Problem } from '../http/problem.js';
import { findAgency } from '../projection/records.js';
import type { Store } from '../store/store.js';
import { type Outcome, outcomeOf } from './outcome.js';

export interface AttemptDeps {
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly store: Store;
}

/** A write as the ledger knows it. */
export interface Operation {
  readonly agency: string;
  readonly operation: string;
  readonly function: string;
  readonly input: unknown;
}

/**
 * Who signs for an agency. The certificate states all roles of the register, so that it is not issued
 * anew for every token with fewer; what the token lacks was refused before.
 * @throws Problem `auth.signer` when the key is not in this wallet
 */
async function signerOf({ wallet, store }: AttemptDeps, agencyId: string): Promise<Signer> {
  const agency = await findAgency(store, agencyId);
  if (!agency) throw new Problem('auth.invalid');
  if (!wallet.holds(agencyId)) throw new Problem('auth.signer');
  const province: ProvinceCode = agency.province;
  return wallet.signer({ agencyId, province, roles: agency.roles });
}

/** `prepared` is told each transaction id before anything leaves this process. */
export async function attempt(deps: AttemptDeps, write: Operation, prepared?: (id: string) => void): Promise<Outcome> {
  const { agency, operation, input } = write;
  return outcomeOf(
    signerOf(deps, agency).then((signer) =>
      deps.ledger.submit({ signer, function: write.function, argument: encodeArgument({ operation, input }) }, prepared),
    ),
  );
}
