import { describe, expect, it } from 'vitest';
import { freshAgencyId } from '../support/contract-world.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';

describe('ordering', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 4000 });

  it('sends one envelope, the same bytes, to every orderer at once', async () => {
    await suite.register();
    await suite.until('the fourth has it too', () => suite.double.ordering.sent.length === 4);
    expect(new Set(suite.double.ordering.sent).size).toBe(1);
  });

  it('commits though one orderer acknowledges and drops', async () => {
    suite.double.ordering.quorum = 3;
    suite.double.orderer(0).take = async () => ({ status: 'SUCCESS' });
    expect((await suite.register()).position).toBe(0);
  });

  it.each(['request already exists', 'request already processed'])('counts "%s" as an acknowledgement', async (info) => {
    for (const index of [0, 1, 2])
      suite.double.orderer(index).take = async (honest) => {
        honest();
        return { status: 'SERVICE_UNAVAILABLE', info };
      };
    await suite.register();
    // Fewer than a quorum would have made it send again.
    expect(suite.double.ordering.sent.length).toBeLessThanOrEqual(4);
  });

  it('sends on what an orderer did not look at after an answer that was no success', async () => {
    const looked = [0, 0, 0, 0];
    for (const index of [0, 1, 2, 3])
      suite.double.orderer(index).take = async (honest) => {
        looked[index] = (looked[index] ?? 0) + 1;
        honest();
        return { status: 'SERVICE_UNAVAILABLE', info: 'request already exists' };
      };
    await Promise.all(Array.from({ length: 8 }, () => suite.register()));
    await suite.until('the fourth has all of them too', () => looked.every((count) => count === 8));
    // Each was looked at once by each: nothing was lost with a stream, and nothing had to be sent in another round.
    expect(suite.double.ordering.sent.length).toBe(32);
  });

  it('does without one orderer that is away, and asks it again when it is back', async () => {
    suite.double.orderers[3]?.stop();
    await suite.until('it is known to be away', () => suite.fabric.health().away.length === 1);
    expect(suite.fabric.health()).toEqual({ ready: true, away: ['orderer of AnhuiMSP'] });
    await suite.register();
    expect(suite.double.ordering.sent.length).toBe(3);
    await suite.double.orderers[3]?.start();
    await suite.until('it is back', () => suite.fabric.health().away.length === 0);
    await suite.register();
    await suite.until('it is sent to again', () => suite.double.ordering.sent.length === 7);
  });

  it('refuses a write when two orderers are away, before anything is sent, and reads go on', async () => {
    const agencyId = freshAgencyId('310000');
    const { payload } = await suite.register(agencyId);
    suite.double.ordering.sent.length = 0;
    for (const index of [1, 2]) suite.double.orderers[index]?.stop();
    await suite.until('they are known to be away', () => !suite.fabric.health().ready);
    await expect(suite.register()).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: '3 orderers are needed; reachable: ShanghaiMSP, AnhuiMSP; try again when more are back',
    });
    expect(suite.double.ordering.sent).toEqual([]);
    expect(await suite.outbox.pending()).toEqual([]);
    expect(await suite.fabric.ledger.evaluate(suite.record(agencyId))).toBe(payload);
  });

  it('does not know the outcome when too few take it, and finds out by sending the same bytes again', async () => {
    const agencyId = freshAgencyId('310000');
    for (const index of [0, 1])
      suite.double.orderer(index).take = async () => ({ status: 'SERVICE_UNAVAILABLE', info: 'no leader' });
    let id = '';
    const attempt = suite.register(agencyId, (told) => {
      id = told;
    });
    await expect(attempt).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect((await suite.outbox.pending()).map(({ transactionId }) => transactionId)).toEqual([id]);
    expect(await suite.fabric.ledger.transactionStatus(id)).toEqual({ id, status: 'pending' });
    for (const index of [0, 1]) suite.double.orderer(index).take = async (honest) => honest();
    await suite.until('it is settled', async () => (await suite.outbox.pending()).length === 0);
    expect(await suite.fabric.ledger.transactionStatus(id)).toMatchObject({ id, status: 'valid' });
    expect(new Set(suite.double.ordering.sent).size).toBe(1);
  });

  it('says that nothing was written when the orderers refuse the envelope itself', async () => {
    for (const index of [0, 1, 2, 3]) suite.double.orderer(index).take = async () => ({ status: 'FORBIDDEN', info: 'expired' });
    await expect(suite.register()).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: expect.stringContaining('the orderers refuse the transaction'),
    });
    expect(await suite.outbox.pending()).toEqual([]);
  });

  it('does not say so when one may have taken it before they began to refuse', async () => {
    let asked = 0;
    suite.double.orderer(0).take = async (honest) => honest();
    for (const index of [1, 2, 3])
      suite.double.orderer(index).take = async () => {
        asked += 1;
        return asked > 3 ? { status: 'FORBIDDEN', info: 'expired' } : { status: 'SERVICE_UNAVAILABLE', info: 'no leader' };
      };
    await expect(suite.register()).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect((await suite.outbox.pending()).length).toBe(1);
    for (const index of [1, 2, 3]) suite.double.orderer(index).take = async (honest) => honest();
    await suite.until('it is settled', async () => (await suite.outbox.pending()).length === 0);
  });

  it('does not take orderers for away because a write had little time left for them', async () => {
    const hurried = await suite.double.open({ deadlineMilliseconds: 700 });
    for (const index of [0, 1, 2, 3])
      suite.double.orderer(index).take = async (honest) => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return honest();
      };
    await expect(hurried.ledger.submit(suite.registration())).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(hurried.health()).toEqual({ ready: true, away: [] });
    for (const index of [0, 1, 2, 3]) suite.double.orderer(index).take = async (honest) => honest();
    // Their late answers are still those of the first envelope.
    const written = () =>
      hurried.ledger.submit(suite.registration()).then(
        () => true,
        () => false,
      );
    await suite.until('the next write goes through', written);
  });

  it('does not believe one orderer that refuses', async () => {
    suite.double.orderer(0).take = async () => ({ status: 'FORBIDDEN', info: 'not from you' });
    expect((await suite.register()).position).toBe(0);
    expect(suite.logged('FORBIDDEN not from you')).toBe(true);
  });
});
