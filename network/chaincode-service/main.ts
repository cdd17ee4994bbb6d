/** The process beside a province's peer that runs the contracts of this build: `main.js <service.json>`. */
import { resolve } from 'node:path';
import { createDispatcher } from '../embedded/dispatcher.js';
import { serveChaincode } from './serve.js';

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
const file = process.argv[2];
if (!file) {
  console.error('usage: main.js <service.json>');
  process.exit(2);
}
serveChaincode(resolve(file), await createDispatcher()).catch((error) => {
  console.error('the chaincode service cannot start:', error);
  process.exit(1);
});
