import { it } from 'vitest';
import { foundedNetwork, networkMissing } from '../support/fabric-network.js';
import { ledgerConformance } from './ledger-conformance.js';

const missing = networkMissing();

if (missing) it('the Fabric network', (test) => test.skip(missing));
else ledgerConformance('the Fabric network', () => foundedNetwork());
