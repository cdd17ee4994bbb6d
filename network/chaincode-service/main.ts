/**
 * The process beside a province's peer that runs the contracts of this build: `main.js <service.json>`.
 * fabric-shim's server under mutual TLS, and the dispatcher that the embedded ledger runs too.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { chaincodePackage } from '../definition/chaincode-package.js';
import { MESSAGE_BYTES } from '../definition/limits.js';
import { createDispatcher } from '../embedded/dispatcher.js';
import type { ServiceSettings } from './settings.js';

interface Shim {
  server(chaincode: object, options: object): { start(): Promise<void> };
}

function endOn(event: 'uncaughtException' | 'unhandledRejection'): void {
  // The shim's loggers would catch these and let the process go on in an unknown state.
  process.removeAllListeners(event);
  process.on(event as 'uncaughtException', (error) => {
    console.error(`${new Date().toISOString()} ends on ${event}:`, error);
    process.exit(1);
  });
}

async function serve(file: string): Promise<void> {
  const settings = JSON.parse(readFileSync(file, 'utf8')) as ServiceSettings;
  const { id } = chaincodePackage();
  if (settings.packageId !== id)
    throw new Error(
      `${file} is of package ${settings.packageId}, this build is ${id}: run the build that the provinces approved`,
    );
  const read = (path: string) => readFileSync(resolve(dirname(file), path));
  const dispatcher = await createDispatcher();
  const shim: Shim = createRequire(import.meta.url)('fabric-shim');
  const server = shim.server(dispatcher, {
    ccid: settings.packageId,
    address: settings.address,
    tlsProps: { key: read(settings.key), cert: read(settings.certificate), clientCACerts: read(settings.clients) },
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
  });
  endOn('uncaughtException');
  endOn('unhandledRejection');
  await server.start();
  console.log(`${new Date().toISOString()} ${settings.packageId} at ${settings.address}, code ${CODE_DIGEST}`);
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
const file = process.argv[2];
if (!file) {
  console.error('usage: main.js <service.json>');
  process.exit(2);
}
serve(resolve(file)).catch((error) => {
  console.error('the chaincode service cannot start:', error);
  process.exit(1);
});
