/**
 * Loads the contracts the way a chaincode process does, into fabric-shim's own dispatcher, so that
 * parameters, names and errors take the very path they take beside a real peer.
 */
import { createRequire } from 'node:module';

/** A chaincode's answer as the shim forms it: status 200, or 500 with a message. */
export interface ChaincodeResponse {
  readonly status: number;
  readonly message: string;
  readonly payload?: Uint8Array;
}

export interface Dispatcher {
  Invoke(stub: object): Promise<ChaincodeResponse>;
  /** the contracts' metadata as `org.hyperledger.fabric:GetMetadata` gives it */
  readonly metadata: unknown;
}

const CRASH_EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

/**
 * The shim's loggers catch uncaught exceptions and let the process go on in an unknown state; a
 * ledger must end instead, so the listeners that loading adds are taken off again.
 */
async function withoutNewCrashHandlers<T>(load: () => Promise<T>): Promise<T> {
  const listeners = (event: (typeof CRASH_EVENTS)[number]) => process.listeners(event as 'uncaughtException');
  const before = CRASH_EVENTS.map((event) => new Set(listeners(event)));
  const loaded = await load();
  for (const [index, event] of CRASH_EVENTS.entries())
    for (const listener of listeners(event)) if (!before[index]?.has(listener)) process.removeListener(event, listener);
  return loaded;
}

const TALKATIVE = [
  ['fabric-shim/lib/logger.js', 'contracts-spi/chaincodefromcontract.js'],
  ['fabric-shim/lib/logger.js', 'contracts-spi/datamarshall.js'],
  ['fabric-shim/lib/logger.js', 'lib/chaincode.js'],
  ['fabric-contract-api/lib/logger.js', './lib/jsontransactionserializer.js'],
] as const;

/** At any level the shim formats each message before it drops it: a tenth of a dispatch. Silent loggers do not. */
function silence(require: NodeJS.Require): void {
  for (const [logger, name] of TALKATIVE) require(logger).getLogger(name).silent = true;
}

/** One dispatcher serves any number of concurrent transactions. */
export function createDispatcher(): Promise<Dispatcher> {
  process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= 'critical';
  process.env.CORE_CHAINCODE_LOGGING_SHIM ??= 'critical';
  return withoutNewCrashHandlers(async () => {
    const { contracts } = await import('../../chaincode/index.js');
    const require = createRequire(import.meta.url);
    const { JSONSerializer } = require('fabric-contract-api');
    const ChaincodeFromContract = require('fabric-shim/lib/contract-spi/chaincodefromcontract.js');
    silence(require);
    const serializers = { serializers: { json: JSONSerializer }, transaction: 'json' };
    return new ChaincodeFromContract([...contracts], serializers, {}, 'yangtze-delta-trust', '1') as Dispatcher;
  });
}
