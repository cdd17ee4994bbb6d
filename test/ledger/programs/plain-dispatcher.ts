/** Stands in for the contracts where only the ledger under them is on trial: enters an agency once, and starts fast. */
import type { Dispatcher } from '../../../network/embedded/dispatcher.js';

interface Stub {
  getArgs(): string[];
  getState(key: string): Promise<Uint8Array>;
  putState(key: string, value: Uint8Array): Promise<void>;
}

export async function createPlainDispatcher(): Promise<Dispatcher> {
  return {
    metadata: {},
    async Invoke(stub: Stub) {
      const argument = stub.getArgs()[1] ?? '';
      const key = `agency~${JSON.parse(argument).input.agencyId}`;
      if ((await stub.getState(key)).length > 0) return { status: 500, message: 'refusal:{"code":"agency.exists"}' };
      const value = Buffer.from(argument, 'utf8');
      await stub.putState(key, value);
      return { status: 200, message: '', payload: value };
    },
  } as Dispatcher;
}
