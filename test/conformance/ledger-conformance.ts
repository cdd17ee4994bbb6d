/**
 * What every ledger behind the port does. An adapter's own test calls this with a factory; nothing in
 * here knows which adapter it is, so the embedded ledger and a Fabric network answer to the same suite.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { type LedgerWorld, registrarSigner } from '../support/ledger-world.js';
import { Conformance } from './conformance.js';
import { following } from './following.js';
import { queries } from './queries.js';
import { submissions } from './submissions.js';
import { wallets } from './wallets.js';

/** A network of four provinces takes seconds to come up, on a machine that is busy minutes. */
const NETWORK_MS = 240_000;

export function ledgerConformance(name: string, open: () => Promise<LedgerWorld>): void {
  describe(name, () => {
    let suite: Conformance;
    beforeAll(async () => {
      const world = await open();
      suite = new Conformance(world, await registrarSigner(world));
    }, NETWORK_MS);
    afterAll(() => suite.world.ledger.close());

    submissions(() => suite);
    queries(() => suite);
    following(() => suite);
    wallets(() => suite);
  });
}
