/** A ledger under the suite, and the calls that its parts share. */
import type { Signer } from '../../network/identity/signer.js';
import type { Committed, Invocation, LedgerBlock } from '../../network/ledger.js';
import { freshAgencyId } from '../support/contract-world.js';
import { allBlocks, type LedgerWorld, readRecord, registration } from '../support/ledger-world.js';

export class Conformance {
  readonly world: LedgerWorld;
  /** the first registrar's */
  readonly signer: Signer;

  constructor(world: LedgerWorld, signer: Signer) {
    this.world = world;
    this.signer = signer;
  }

  register(agencyId = freshAgencyId('310000'), operation?: string): Promise<Committed> {
    return this.world.ledger.submit(registration(this.signer, agencyId, operation));
  }

  record(agencyId: string): Invocation {
    return readRecord(this.signer, `agency~${agencyId}`);
  }

  async blockWith(committed: Committed): Promise<LedgerBlock> {
    const found = (await allBlocks(this.world.ledger))[committed.block];
    if (!found) throw new Error(`no block ${committed.block}`);
    return found;
  }
}
