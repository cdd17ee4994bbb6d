import { afterAll, describe, expect, it } from 'vitest';
import { folderOutbox, memoryOutbox, type Outbox } from '../../network/fabric/outbox.js';
import { REGISTRARS } from '../../network/registrars.js';
import { freshAgencyId } from '../support/contract-world.js';
import { doubleSuite } from '../support/fabric-double/double-suite.js';
import { removeTemporaryFolders, temporaryFolder } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe.each<[string, () => Outbox]>([
  ['in memory', memoryOutbox],
  ['in a folder', () => folderOutbox(temporaryFolder())],
])('an outbox %s', (_, open) => {
  it('keeps what is put until it is settled', async () => {
    const outbox = open();
    const entry = { transactionId: 'ab'.repeat(32), envelope: Buffer.from([1, 2, 3]) };
    await outbox.put(entry);
    expect(await outbox.pending()).toEqual([entry]);
    await outbox.settle(entry.transactionId);
    await outbox.settle(entry.transactionId);
    expect(await outbox.pending()).toEqual([]);
    await outbox.put(entry);
    await outbox.withdraw(entry.transactionId);
    await outbox.withdraw(entry.transactionId);
    expect(await outbox.pending()).toEqual([]);
  });
});

describe('an operation with an earlier attempt that may still come', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 2000 });

  it('is not refused for good before that one is certain, whatever refuses it now', async () => {
    const agencyId = freshAgencyId('310000');
    const first = suite.registration(agencyId);
    // All orderers acknowledge it, and it stands in no block.
    suite.double.ordering.quorum = 5;
    const { transactionId } = await suite.fabric.ledger.submit(first).catch((error) => error);
    const [held] = await suite.outbox.pending();
    expect(held?.transactionId).toBe(transactionId);
    suite.double.ordering.quorum = 3;
    const again = () => suite.fabric.ledger.submit(first).catch((error) => error);
    // What refuses the next attempt could as well be the time that has passed, which would not keep the first from a block.
    await suite.register(agencyId);
    expect(await again()).toMatchObject({ name: 'OutcomeUnknown', transactionId });
    const { operation } = JSON.parse(first.argument);
    const [registrar, stranger] = [REGISTRARS[0]?.agencyId ?? '', agencyId];
    const open = (agency: string, named: string) => suite.fabric.ledger.open?.(agency, named);
    expect([open(registrar, operation), open(stranger, operation), open(registrar, 'another')]).toEqual([
      transactionId,
      undefined,
      undefined,
    ]);
    await suite.double.world.node.committer.broadcast(Buffer.from(held?.envelope ?? []));
    await suite.until('it is settled', async () => (await suite.outbox.pending()).length === 0);
    expect(open(registrar, operation)).toBeUndefined();
    expect(await again()).toMatchObject({ name: 'Refusal', code: 'agency.exists' });
  });
});

describe('the life of an envelope', () => {
  const suite = doubleSuite({ deadlineMilliseconds: 3000 });

  it('is kept before it is sent, and forgotten when it is committed', async () => {
    let kept = 0;
    suite.double.orderer(0).take = async (honest) => {
      kept = (await suite.outbox.pending()).length;
      return honest();
    };
    await suite.register();
    await suite.until('the orderer was sent it', () => kept === 1);
    await suite.until('it is forgotten', async () => (await suite.outbox.pending()).length === 0);
  });

  it('is not sent when it cannot be kept', async () => {
    const full: Outbox = { ...memoryOutbox(), put: () => Promise.reject(new Error('no space left on device')) };
    const { ledger } = await suite.double.open({ outbox: full });
    await expect(ledger.submit(suite.registration())).rejects.toMatchObject({
      name: 'LedgerUnavailable',
      message: 'the envelope cannot be kept: no space left on device; look after the disk and try again',
    });
    expect(suite.double.ordering.sent).toEqual([]);
  });

  it('that was not sent is withdrawn; its outcome is open where that cannot be made sure of', async () => {
    for (const index of [0, 1, 2, 3]) suite.double.orderer(index).take = async () => ({ status: 'FORBIDDEN', info: 'expired' });
    const kept = memoryOutbox();
    let withdrawn = 0;
    const counting: Outbox = {
      ...kept,
      withdraw: async (id) => {
        withdrawn += 1;
        await kept.withdraw(id);
      },
    };
    const { ledger } = await suite.double.open({ outbox: counting });
    await expect(ledger.submit(suite.registration())).rejects.toMatchObject({ name: 'LedgerUnavailable' });
    expect([withdrawn, await kept.pending()]).toEqual([1, []]);
    const failing: Outbox = { ...memoryOutbox(), withdraw: () => Promise.reject(new Error('input/output error')) };
    const next = await suite.double.open({ outbox: failing });
    await expect(next.ledger.submit(suite.registration())).rejects.toMatchObject({ name: 'OutcomeUnknown' });
    expect(suite.logged('which was not sent: input/output error')).toBe(true);
  });

  /** What a process leaves that was killed after it kept its envelope. */
  async function leftBehind(sent: boolean): Promise<{ outbox: Outbox; id: string; agencyId: string }> {
    const outbox = folderOutbox(temporaryFolder());
    const killed = await suite.double.open({ outbox, deadlineMilliseconds: 1500 });
    const agencyId = freshAgencyId('310000');
    suite.double.ordering.quorum = 5;
    if (!sent) for (const index of [0, 1, 2, 3]) suite.double.orderer(index).take = () => new Promise(() => undefined);
    let id = '';
    const write = killed.ledger.submit(suite.registration(agencyId), (told) => {
      id = told;
    });
    await expect(write).rejects.toMatchObject({ name: 'OutcomeUnknown', transactionId: id });
    await killed.ledger.close();
    for (const index of [0, 1, 2, 3]) suite.double.orderer(index).take = async (honest) => honest();
    suite.double.ordering.quorum = 3;
    return { outbox, id, agencyId };
  }

  it('that no orderer had is sent by whoever opens the outbox next, the same bytes', async () => {
    const { outbox, id, agencyId } = await leftBehind(false);
    const [entry] = await outbox.pending();
    const next = await suite.double.open({ outbox });
    await suite.until('it is settled', async () => (await outbox.pending()).length === 0);
    expect(await next.ledger.transactionStatus(id)).toMatchObject({ status: 'valid' });
    expect(suite.double.ordering.sent).toContain(Buffer.from(entry?.envelope ?? []).toString('hex'));
    expect(await next.ledger.evaluate(suite.record(agencyId))).not.toBe('');
  });

  it('that was committed meanwhile is looked up, not sent again', async () => {
    const outbox = folderOutbox(temporaryFolder());
    let entry: { transactionId: string; envelope: Uint8Array } | undefined;
    const spying: Outbox = {
      ...outbox,
      put: async (put) => {
        entry = put;
        await outbox.put(put);
      },
    };
    const first = await suite.double.open({ outbox: spying });
    await first.ledger.submit(suite.registration());
    await first.ledger.close();
    await outbox.put(entry as { transactionId: string; envelope: Uint8Array });
    await suite.until('all orderers answered', () => suite.double.ordering.sent.length === 4);
    suite.double.ordering.sent.length = 0;
    await suite.double.open({ outbox });
    await suite.until('it is settled', async () => (await outbox.pending()).length === 0);
    expect(suite.double.ordering.sent).toEqual([]);
  });

  it('that another attempt at the operation overtook is ordered, found invalid and settled', async () => {
    const { outbox, id, agencyId } = await leftBehind(false);
    await suite.register(agencyId);
    const next = await suite.double.open({ outbox });
    await suite.until('it is settled', async () => (await outbox.pending()).length === 0);
    expect(await next.ledger.transactionStatus(id)).toMatchObject({ status: 'invalid', code: 'MVCC_READ_CONFLICT' });
  });

  it('that the orderers refuse for good is given up, and only then', async () => {
    const { outbox, id } = await leftBehind(false);
    for (const index of [0, 1, 2])
      suite.double.orderer(index).take = async () => ({ status: 'FORBIDDEN', info: 'identity expired' });
    const next = await suite.double.open({ outbox });
    await suite.until('it is given up', async () => (await outbox.pending()).length === 0);
    expect(suite.logged(`transaction ${id} is given up`)).toBe(true);
    expect(await next.ledger.transactionStatus(id)).toEqual({ id, status: 'pending' });
  });
});
