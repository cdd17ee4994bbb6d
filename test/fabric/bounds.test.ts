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
    const lookup = { status: () => new Promise(() => undefined) } as unknown as Lookup;
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
});
