import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

const fn = 'subject:EraseSubject';
let world: ContractWorld;
let maker: Actor;
let serial = 0;
const freshHandle = () => (++serial).toString(16).padStart(64, '0');

beforeAll(async () => {
  world = await ContractWorld.create();
  maker = await world.agency('310000', ['case-handler']);
});

describe('the erasure of a subject’s handle', () => {
  it('is written under the handle, with who erased it and nothing else', async () => {
    const subject = freshHandle();
    const accepted = await world.submit(maker, fn, { subject });
    const { recordedAt } = accepted.record;
    const expected = {
      subject,
      erased: true,
      agency: maker.agencyId,
      province: '310000',
      recordedAt,
    };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, maker, fn)).toEqual({ [`subject~${subject}~${maker.agencyId}`]: expected });
  });

  it.each(['case-handler', 'certificate-issuer', 'data-user'] as const)('is for a %s', async (role) => {
    const actor = await world.agency('330000', [role]);
    expect((await world.submit(actor, fn, { subject: freshHandle() })).record.erased).toBe(true);
  });

  it('happens once an agency', async () => {
    const subject = freshHandle();
    await world.submit(maker, fn, { subject });
    const refusal = await world.refusal(maker, fn, { subject });
    expect([refusal.code, refusal.facts.state]).toEqual(['subject.state', 'erased']);
  });

  it('by a stranger does not stand in the way of the agency that made the handle', async () => {
    const subject = freshHandle();
    const stranger = await world.agency('340000', ['data-user']);
    await world.submit(stranger, fn, { subject });
    const accepted = await world.submit(maker, fn, { subject });
    const { recordedAt } = accepted.record;
    const record = { subject, erased: true, agency: maker.agencyId, province: '310000', recordedAt };
    expect(writeSet(accepted, maker, fn)).toEqual({ [`subject~${subject}~${maker.agencyId}`]: record });
    for (const actor of [stranger, maker]) expect((await world.refusal(actor, fn, { subject })).code).toBe('subject.state');
  });

  it('takes a handle of 64 lower-case hex characters and nothing else', async () => {
    const handle = 'a'.repeat(64);
    for (const subject of [handle.slice(1), `${handle}a`, handle.toUpperCase(), `g${handle.slice(1)}`, '', 7, null, [handle]])
      expect((await world.refusal(maker, fn, { subject })).code).toBe('request.invalid');
    expect((await world.refusal(maker, fn, { subject: handle, number: '1' })).code).toBe('request.invalid');
  });

  it('takes every handle, also one whose digits look like a person’s number', async () => {
    const handles = fc.stringMatching(/^[0-9a-f]{64}$/);
    await fc.assert(
      fc.asyncProperty(handles, async (subject) => {
        expect((await world.submit(maker, fn, { subject })).record).toMatchObject({ subject, erased: true });
      }),
      { numRuns: 50 },
    );
    const subject = `13812345678${'0'.repeat(53)}`;
    expect((await world.submit(maker, fn, { subject })).record.subject).toBe(subject);
  });
});
