import { describe } from 'vitest';
import { foundedNetwork, networkMissing } from '../support/fabric-network.js';
import { ledgerConformance } from './ledger-conformance.js';

const missing = networkMissing();

describe.skipIf(missing)(`a network of four provinces${missing ? `, skipped: ${missing}` : ''}`, () =>
  ledgerConformance('the Fabric network', () => foundedNetwork()),
);
