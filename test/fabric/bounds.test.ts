import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../network/errors.js';
import type { Lookup } from '../../network/fabric/lookup.js';
import { memoryOutbox } from '../../network/fabric/outbox.js';
import { Resolver } from '../../network/fabric/resolver.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';

describe('what waits is bounded', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 4000 });

  it('256 writes are under way at most, and the next is turned away at once', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    for (const index of [0, 1, 2, 3])
      suite.double.peer(index).answer = async (honest) => {
        await held;
        return honest();
      };
    const under = Array.from({ length: 256 }, () => suite.register().catch(() => undefined));
    const turnedAway = await suite.register().catch((error) => error);
    expect(turnedAway).toMatchObject({ name: 'LedgerUnavailable', message: expect.stringContaining('256 writes are under way') });
    release();
    await Promise.all(under);
    await suite.until('there is room again', () =>
      suite.register().then(
        () => true,
        () => false,
      ),
    );
  });

  it('with a thousand outcomes unknown nothing new is begun', async () => {
    const closing = new AbortController();
    const lookup = { statusInTurn: () => new Promise(() => undefined) } as unknown as Lookup;
    const resolver = new Resolver({
      outbox: memoryOutbox(),
      lookup,
      orderers: [],
      quorum: 3,
      log: () => {},
      closed: closing.signal,
    });
    const add = (count: number) => resolver.add({ transactionId: String(count), envelope: Buffer.alloc(0) });
    for (let count = 0; count < 999; count += 1) add(count);
    expect(() => resolver.check()).not.toThrow();
    add(999);
    add(999);
    expect(resolver.open).toBe(1000);
    expect(() => resolver.check()).toThrow(LedgerUnavailable);
    closing.abort();
  });

  it('peers are asked about a few outcomes at once, however many writes wait for theirs', async () => {
    let [looking, most] = [0, 0];
    for (const index of [0, 1, 2, 3]) {
      suite.double.orderer(index).take = async () => ({ status: 'SUCCESS' });
      suite.double.peer(index).answer = async (honest, _chaincode, [name]) => {
        if (name !== 'GetTransactionByID') return honest();
        looking += 1;
        most = Math.max(most, looking);
        await new Promise((resolve) => setTimeout(resolve, 100));
        looking -= 1;
        return honest();
      };
    }
    const outcomes = await Promise.all(Array.from({ length: 60 }, () => suite.register().catch((error) => error)));
    expect(outcomes.map(({ name }) => name)).toEqual(Array.from({ length: 60 }, () => 'OutcomeUnknown'));
    expect(most).toBeGreaterThan(0);
    // Eight, each asked of home's peer first and then of three others.
    expect(most).toBeLessThanOrEqual(24);
  });
});
