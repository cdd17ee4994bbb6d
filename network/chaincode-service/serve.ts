/** fabric-shim's server for one province's peer, under mutual TLS, over the dispatcher that the embedded ledger runs too. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { chaincodePackage } from '../definition/chaincode-package.js';
import { MESSAGE_BYTES } from '../definition/limits.js';
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

/**
 * Serves until the process ends.
 * @param file `service.json`
 * @throws Error when the file is of another build than this one
 */
export async function serveChaincode(file: string, dispatcher: object): Promise<void> {
  const settings = JSON.parse(readFileSync(file, 'utf8')) as ServiceSettings;
  const { id } = chaincodePackage();
  if (settings.packageId !== id)
    throw new Error(
      `${file} is of package ${settings.packageId}, this build is ${id}: run the build that the provinces approved`,
    );
  const read = (path: string) => readFileSync(resolve(dirname(file), path));
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
