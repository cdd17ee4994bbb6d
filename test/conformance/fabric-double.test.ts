import { afterAll } from 'vitest';
import { FabricDouble } from '../support/fabric-double/fabric-double.js';
import { removeTemporaryFolders } from '../support/ledger-world.js';
import { ledgerConformance } from './ledger-conformance.js';

const doubles: FabricDouble[] = [];

afterAll(async () => {
  for (const double of doubles) await double.close();
  removeTemporaryFolders();
});

ledgerConformance('the Fabric adapter over doubles of peers and orderers', async () => {
  const double = await FabricDouble.start();
  doubles.push(double);
  return double.open();
});
