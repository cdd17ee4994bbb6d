import { afterAll } from 'vitest';
import { foundedLedger, removeTemporaryFolders } from '../support/ledger-world.js';
import { ledgerConformance } from './ledger-conformance.js';

afterAll(removeTemporaryFolders);

ledgerConformance('the embedded ledger', () => foundedLedger());
ledgerConformance('the embedded ledger that executes three times and compares', () => foundedLedger({ executions: 3 }));
