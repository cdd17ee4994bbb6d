/**
 * The chaincode service with two functions more, which benchmarks alone run: they write each item of a batch under a
 * key of its own, as contracts do that have no root to put them under; one of them after a look whether it is new.
 * They do nothing else of a contract's work: no check of shape, no search for personal data.
 */
import { resolve } from 'node:path';
import { serveChaincode } from '../../../network/chaincode-service/serve.js';
import { type ChaincodeResponse, createDispatcher } from '../../../network/embedded/dispatcher.js';
import { NEW_KEYS, PUT_KEYS } from './put-keys.js';

const SUCCESS = 200;
const REFUSED = 500;

interface Stub {
  getFunctionAndParameters(): { readonly fcn: string; readonly params: readonly string[] };
  getState(key: string): Promise<Uint8Array>;
  putState(key: string, value: Uint8Array): Promise<void>;
}

async function putKeys(stub: Stub, argument: string, onlyNew: boolean): Promise<ChaincodeResponse> {
  const { items } = JSON.parse(argument).input as { items: readonly { readonly certificateId: string }[] };
  for (const item of items) {
    const key = `bench~${item.certificateId}`;
    if (onlyNew && (await stub.getState(key)).length > 0)
      return { status: REFUSED, message: `${key} exists`, payload: Buffer.alloc(0) };
    await stub.putState(key, Buffer.from(JSON.stringify(item)));
  }
  return { status: SUCCESS, message: '', payload: Buffer.from(String(items.length)) };
}

const dispatcher = await createDispatcher();
await serveChaincode(resolve(process.argv[2] as string), {
  Init: (stub: Stub) => dispatcher.Invoke(stub),
  Invoke: (stub: Stub) => {
    const { fcn, params } = stub.getFunctionAndParameters();
    return fcn === NEW_KEYS || fcn === PUT_KEYS ? putKeys(stub, params[0] as string, fcn === NEW_KEYS) : dispatcher.Invoke(stub);
  },
});
