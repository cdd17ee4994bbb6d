import { describe } from 'vitest';
import { foundedNetwork, networkMissing } from '../support/fabric-network.js';
import { ledgerConformance } from './ledger-conformance.js';

const missing = networkMissing();

describe.skipIf(missing)(missing ? `skipped: ${missing}` : 'with its programs', () =>
  ledgerConformance('the Fabric network', () => foundedNetwork()),
);
