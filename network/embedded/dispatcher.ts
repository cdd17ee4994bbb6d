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

interface CertificateClass {
  fromPEM(pem: Buffer | string): object;
}

const REMEMBERED_CERTIFICATES = 1000;
const remembering = new WeakSet<CertificateClass>();

/**
 * The shim parses the caller's certificate anew for every transaction, a sixth of a dispatch. It only reads what
 * it parsed, and the same text is the same certificate, so the last ones are remembered; one that cannot be read never is.
 */
function rememberCertificates(require: NodeJS.Require): void {
  const ofShim = createRequire(require.resolve('fabric-shim/lib/chaincode.js'));
  const { Certificate } = ofShim('@fidm/x509') as { Certificate: CertificateClass };
  if (remembering.has(Certificate)) return;
  remembering.add(Certificate);
  const parse = Certificate.fromPEM.bind(Certificate);
  const known = new Map<string, object>();
  Certificate.fromPEM = (pem) => {
    const text = pem.toString();
    const before = known.get(text);
    if (before) return before;
    const certificate = parse(pem);
    if (known.size >= REMEMBERED_CERTIFICATES) known.delete(known.keys().next().value as string);
    known.set(text, certificate);
    return certificate;
  };
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
    rememberCertificates(require);
    const serializers = { serializers: { json: JSONSerializer }, transaction: 'json' };
    return new ChaincodeFromContract([...contracts], serializers, {}, 'yangtze-delta-trust', '1') as Dispatcher;
  });
}
