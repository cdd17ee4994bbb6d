/** One attempt at a write: signed with the agency's own key, and what became of it. */

import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Role } from '../../chaincode/roles.js';
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
  /** what the client asked: path and body fields */
  readonly asked: unknown;
  /** what the ledger is given: the same, and what this API attached */
  readonly input: unknown;
}

/** What the register says of the agency that writes, as far as its certificate does too. */
export interface Standing {
  readonly province: ProvinceCode;
  readonly roles: readonly Role[];
  readonly keyDigest: string;
}

async function standingOf({ store }: AttemptDeps, agencyId: string): Promise<Standing> {
  const agency = await findAgency(store, agencyId);
  if (!agency) throw new Problem('auth.invalid');
  return agency;
}

/**
 * Who signs for an agency. The certificate states all roles of the register, so that it is not issued
 * anew for every token with fewer; what the token lacks was refused before.
 * @throws Problem `auth.signer` when the key is not in this wallet
 */
async function signerOf(deps: AttemptDeps, agencyId: string, standing: Standing | undefined): Promise<Signer> {
  const { province, roles, keyDigest } = standing ?? (await standingOf(deps, agencyId));
  if (!(await deps.wallet.holds(agencyId, keyDigest))) throw new Problem('auth.signer');
  return deps.wallet.signer({ agencyId, province, roles, keyDigest });
}

export interface AttemptOptions {
  /** told each transaction id before anything leaves this process */
  readonly prepared?: (id: string) => void;
  /** when it was read just now; the register is asked otherwise */
  readonly standing?: Standing;
}

export async function attempt(
  deps: AttemptDeps,
  write: Operation,
  { prepared, standing }: AttemptOptions = {},
): Promise<Outcome> {
  const { agency, operation, input } = write;
  return outcomeOf(
    signerOf(deps, agency, standing).then((signer) =>
      deps.ledger.submit({ signer, function: write.function, argument: encodeArgument({ operation, input }) }, prepared),
    ),
  );
}
