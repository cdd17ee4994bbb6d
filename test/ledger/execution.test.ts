import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { createDispatcher, type Dispatcher } from '../../network/embedded/dispatcher.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { freshAgencyId } from '../support/contract-world.js';
import {
  foundedFolder,
  foundedLedger,
  register,
  registrarSigner,
  registration,
  removeTemporaryFolders,
} from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

interface Stub {
  getArgs(): string[];
  getState(key: string): Promise<Uint8Array>;
  putState(key: string, value: Uint8Array): Promise<void>;
  deleteState(key: string): Promise<void>;
}

type Contract = (stub: Stub) => Promise<Uint8Array>;

function dispatcherOf(contract: Contract): Dispatcher {
  return {
    metadata: {},
    Invoke: async (stub: object) => ({ status: 200, message: '', payload: await contract(stub as Stub) }),
  };
}

async function ledgerWith(createContract: () => Contract, executions: 1 | 3) {
  const folder = await foundedFolder();
  const world = await openEmbedded({ folder, executions, createDispatcher: async () => dispatcherOf(createContract()) });
  const signer = await registrarSigner(world);
  return { ...world, signer };
}

const EMPTY = Buffer.alloc(0);

describe('executing three times', () => {
  /** Every instance answers something else, as a contract does that reads a clock. */
  function drifting(): () => Contract {
    let instances = 0;
    return () => {
      instances += 1;
      const own = instances;
      return async (stub) => {
        await stub.putState('agency~x', Buffer.from(String(own)));
        return EMPTY;
      };
    };
  }

  it('finds a contract that is not deterministic, and nothing is written', async () => {
    const { ledger, signer } = await ledgerWith(drifting(), 3);
    const { height } = await ledger.info();
    const call = { signer, function: 'any:Thing', argument: encodeArgument({ operation: 'operation-0123456', input: {} }) };
    await expect(ledger.submit(call)).rejects.toMatchObject({ name: 'ExecutionsDiffer' });
    expect((await ledger.info()).height).toBe(height);
    await ledger.close();
  });

  it('is what finds it: one execution has nothing to compare with', async () => {
    const { ledger, signer } = await ledgerWith(drifting(), 1);
    const call = { signer, function: 'any:Thing', argument: encodeArgument({ operation: 'operation-0123456', input: {} }) };
    expect((await ledger.submit(call)).endorsers.length).toBe(3);
    await ledger.close();
  });
});

describe('reading', () => {
  it('is of one height, even when a block is committed in between', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const contract: Contract = async (stub) => {
      const [fn] = stub.getArgs();
      if (fn === 'pair:Write') {
        const [, value] = stub.getArgs() as [string, string];
        for (const key of ['left', 'right']) await stub.putState(key, Buffer.from(value));
        return EMPTY;
      }
      const left = await stub.getState('left');
      const work = meanwhile;
      meanwhile = undefined;
      await work?.();
      return Buffer.from(`${left} ${await stub.getState('right')}`);
    };
    const { ledger, signer } = await ledgerWith(() => contract, 1);
    const write = (argument: string) => ledger.submit({ signer, function: 'pair:Write', argument });
    await write('old');
    meanwhile = () => write('new');
    expect(await ledger.evaluate({ signer, function: 'pair:Read', argument: '' })).toBe('new new');
    await ledger.close();
  });
});

describe('the history of a key', () => {
  it('is every version with its transaction, oldest first, deletion and a second life included', async () => {
    const contract: Contract = async (stub) => {
      const [, value] = stub.getArgs() as [string, string];
      if (value === 'deleted') await stub.deleteState('thing~1');
      else await stub.putState('thing~1', Buffer.from(value));
      return Buffer.from(await stub.getState('thing~1'));
    };
    const { ledger, signer, history } = await ledgerWith(() => contract, 1);
    const committed = [];
    for (const argument of ['one', 'two', 'deleted', 'three'])
      committed.push(await ledger.submit({ signer, function: 'any:Thing', argument }));
    expect(committed.map(({ payload }) => payload)).toEqual(['', 'one', 'two', '']);
    expect(await history('thing~1')).toEqual(
      committed.map(({ transactionId, block, position, time }, index) => ({
        transactionId,
        block,
        position,
        time,
        value: ['one', 'two', null, 'three'][index],
      })),
    );
    expect(await history('thing~2')).toEqual([]);
    await ledger.close();
  });

  it('is that of valid transactions only', async () => {
    const world = await foundedLedger();
    const signer = await registrarSigner(world);
    const agencyId = freshAgencyId('310000');
    await Promise.allSettled(Array.from({ length: 4 }, () => world.ledger.submit(registration(signer, agencyId))));
    expect((await world.history(`agency~${agencyId}`)).length).toBe(1);
    await world.ledger.close();
  });
});

describe("the shim's dispatcher", () => {
  it('takes no handler of uncaught errors with it: a ledger in an unknown state must end', async () => {
    const before = process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');
    await createDispatcher();
    expect(process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection')).toBe(before);
  });

  it('keeps nothing of a transaction once it is answered', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const stubs: WeakRef<object>[] = [];
    const watched = async (): Promise<Dispatcher> => {
      const real = await createDispatcher();
      return {
        metadata: real.metadata,
        Invoke(stub) {
          stubs.push(new WeakRef(stub));
          return real.Invoke(stub);
        },
      };
    };
    const world = await foundedLedger({ createDispatcher: watched });
    for (let count = 0; count < 50; count += 1) await register(world);
    await new Promise((resolve) => setImmediate(resolve));
    gc();
    expect(stubs.length).toBe(50);
    expect(stubs.filter((reference) => reference.deref() !== undefined).length).toBeLessThan(5);
    await world.ledger.close();
  });
});
