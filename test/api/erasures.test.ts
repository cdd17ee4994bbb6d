import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSubject, openSubject } from '../../api/vault/find-subject.js';
import type { Ledger } from '../../network/ledger.js';
import { ApiWorld } from '../support/api-world.js';
import { eventually } from '../support/eventually.js';

/** The real ledger, but nobody is told of a commit while the gate is closed. */
function tellingThrough(ledger: Ledger, gate: () => Promise<void>): Ledger {
  return {
    submit: async (invocation, prepared) => {
      const committed = await ledger.submit(invocation, prepared);
      await gate();
      return committed;
    },
    evaluate: (invocation) => ledger.evaluate(invocation),
    attest: (invocation, count) => ledger.attest(invocation, count),
    statements: (number) => ledger.statements(number),
    transactionStatus: (id) => ledger.transactionStatus(id),
    blocks: (from, signal) => ledger.blocks(from, signal),
    info: () => ledger.info(),
    close: () => ledger.close(),
  };
}

describe('an erasure that was answered with 202', () => {
  let world: ApiWorld;
  let gate: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    world = await ApiWorld.create({
      deadlineMilliseconds: 300,
      between: (ledger) => tellingThrough(ledger, () => gate),
    });
  });
  afterAll(() => world.close());

  it('takes the salt when its entry is on the ledger, though nobody asks again', async () => {
    const maker = await world.agency('310000', ['case-handler']);
    const make = async (): Promise<string> =>
      (await world.post('/v1/subjects', maker, { type: 'citizen', number: '11010519491231002X' })).body.subject;
    const [subject, kept] = [await make(), await make()];
    let release = () => {};
    gate = new Promise((resolve) => {
      release = resolve;
    });
    const answer = await world.send('DELETE', `/v1/subjects/${subject}`, { authorization: `Bearer ${maker.token}` });
    expect(answer.status).toBe(202);
    const { vault } = world.service.deps;
    await eventually(async () => expect(await findSubject(vault, subject)).toMatchObject({ state: 'erased' }));
    expect(await openSubject(vault, subject)).toBeUndefined();
    expect(await findSubject(vault, kept)).toMatchObject({ state: 'held' });
    release();
  });
});
