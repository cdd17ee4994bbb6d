import { beforeAll, describe, expect, it } from 'vitest';
import { caseCalls, handoffCalls } from '../support/case-calls.js';
import { type CaseWorld, caseOf, createCaseWorld, handOver, offer, verifiedTimeline } from '../support/case-world.js';
import { caseSteps, handoffWrite, partyWrite } from '../support/case-writes.js';
import { sha256 } from '../support/digests.js';

const FINDINGS = { reason: 'not-competent', findingsDigest: sha256('findings') };
/** How a case differs from before when its offer ended without moving it. */
const OPEN_AGAIN = { status: 'open', offer: undefined };

describe('a hand-off that does not move the case, or moves it back', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const { call, refused } = caseCalls(() => here);
  const { opened, offered, handoffOf } = handoffCalls(() => here);
  const { step } = caseSteps(() => here);

  describe('by none of the ways an offer ends without moving the case', () => {
    const past = { dueAt: '2026-11-01T00:00:00Z' };

    it('rejection: by the receiver, with its reason', async () => {
      const path = await offered();
      const rejection = { reason: 'not-competent' };
      await step(here.jiangsu, 'RejectHandoff', { ...path, ...rejection }, (taken) => ({
        type: 'handoff-rejection',
        data: { number: 1, ...rejection },
        changes: OPEN_AGAIN,
        others: handoffWrite(taken, path, { status: 'rejected', settledAt: taken.time, rejection, recordedAt: taken.time }),
        answer: 'handoff',
      }));
    });

    it('recall: by the offerer', async () => {
      const path = await offered();
      await step(here.shanghai, 'RecallHandoff', path, (taken) => ({
        type: 'handoff-recall',
        data: { number: 1 },
        changes: OPEN_AGAIN,
        others: handoffWrite(taken, path, { status: 'recalled', settledAt: taken.time, recordedAt: taken.time }),
        answer: 'handoff',
      }));
    });

    it('lapse: by anyone with a role on cases, after the due time', async () => {
      const path = await offered(past);
      await step(here.stranger, 'LapseHandoff', path, (taken) => ({
        type: 'handoff-lapse',
        data: { number: 1 },
        changes: OPEN_AGAIN,
        others: handoffWrite(taken, path, { status: 'lapsed', settledAt: taken.time, recordedAt: taken.time }),
        answer: 'handoff',
      }));
    });

    it('lapse is refused up to and at the due time, by the time of the transaction', async () => {
      const { world, stranger } = here;
      const path = await offered({ dueAt: new Date(world.now + 60_000).toISOString() });
      expect(await refused(stranger, 'LapseHandoff', path)).toEqual(['handoff.state', 'open']);
      world.now = Date.parse(caseOf(world, path.caseId).offer?.dueAt as string);
      expect(await refused(stranger, 'LapseHandoff', path)).toEqual(['handoff.state', 'open']);
      world.now += 1;
      expect((await call(stranger, 'LapseHandoff', path)).record.status).toBe('lapsed');
    });

    it('lapse is refused from roles that have nothing to do with cases', async () => {
      const path = await offered(past);
      expect(await refused(here.auditor, 'LapseHandoff', path)).toEqual(['auth.role']);
      expect(await refused(here.department, 'LapseHandoff', path)).toEqual(['auth.role']);
    });

    it('rejection is refused from the offerer, and recall from the receiver', async () => {
      const path = await offered();
      const rejection = { ...path, reason: 'no-time' };
      for (const actor of [here.shanghai, here.stranger])
        expect(await refused(actor, 'RejectHandoff', rejection)).toEqual(['auth.agency']);
      for (const actor of [here.jiangsu, here.stranger])
        expect(await refused(actor, 'RecallHandoff', path)).toEqual(['auth.agency']);
      expect(await refused(here.auditor, 'RejectHandoff', rejection)).toEqual(['auth.role']);
      expect(await refused(here.auditor, 'RecallHandoff', path)).toEqual(['auth.role']);
    });

    it.each([
      ['AcceptHandoff', 'accepted'],
      ['RejectHandoff', 'rejected'],
      ['RecallHandoff', 'recalled'],
      ['LapseHandoff', 'lapsed'],
    ])('nothing more happens to an offer after %s', async (verb, state) => {
      const path = await offered(past);
      const by = verb === 'RecallHandoff' ? here.shanghai : here.jiangsu;
      await call(by, verb, verb === 'RejectHandoff' ? { ...path, reason: 'no-time' } : path);
      expect(await refused(here.jiangsu, 'AcceptHandoff', path)).toEqual(['handoff.state', state]);
      expect(await refused(here.jiangsu, 'RejectHandoff', { ...path, reason: 'no-time' })).toEqual(['handoff.state', state]);
      expect(await refused(here.shanghai, 'RecallHandoff', path)).toEqual(['handoff.state', state]);
      expect(await refused(here.shanghai, 'LapseHandoff', path)).toEqual(['handoff.state', state]);
    });

    it.each(['RejectHandoff', 'RecallHandoff', 'LapseHandoff', 'ReturnHandoff'])(
      '%s needs a hand-off that is there',
      async (verb) => {
        const caseId = await opened();
        const extra = { RejectHandoff: { reason: 'no-time' }, ReturnHandoff: FINDINGS }[verb] ?? {};
        expect(await refused(here.shanghai, verb, { caseId, handoff: 1, ...extra })).toEqual(['handoff.not-found']);
        expect(await refused(here.shanghai, verb, { caseId: '31-nowhere', handoff: 1, ...extra })).toEqual(['case.not-found']);
      },
    );

    it('the next offer has the next number', async () => {
      const path = await offered();
      await call(here.shanghai, 'RecallHandoff', path);
      const first = handoffOf(path);
      const next = await call(here.shanghai, 'OfferHandoff', offer(path.caseId, here.jiangsu));
      expect(next.record.number).toBe(2);
      expect(caseOf(here.world, path.caseId)).toMatchObject({ handoffs: 2, offer: { number: 2 } });
      expect([first?.status, handoffOf(path)]).toEqual(['recalled', first]);
    });
  });

  describe('and giving it back', () => {
    it('moves the case to the offerer at once', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await opened();
      await handOver(world, caseId, shanghai, jiangsu);
      const path = { caseId, handoff: 1 };
      const holder = { province: '310000', agency: shanghai.agencyId };
      await step(jiangsu, 'ReturnHandoff', { ...path, ...FINDINGS }, (taken) => ({
        type: 'handoff-return',
        data: { number: 1, ...FINDINGS, holder },
        changes: { holder, heldUnder: 0 },
        others: {
          ...partyWrite(caseId, jiangsu, 0, taken.time),
          ...handoffWrite(taken, path, {
            status: 'returned',
            return: { ...FINDINGS, returnedAt: taken.time },
            recordedAt: taken.time,
          }),
        },
        answer: 'handoff',
      }));
    });

    it('is refused a second time', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await opened();
      await handOver(world, caseId, shanghai, jiangsu);
      await call(jiangsu, 'ReturnHandoff', { caseId, handoff: 1, ...FINDINGS });
      expect(await refused(jiangsu, 'ReturnHandoff', { caseId, handoff: 1, ...FINDINGS })).toEqual(['handoff.state', 'returned']);
      await handOver(world, caseId, shanghai, jiangsu);
      expect(await refused(jiangsu, 'ReturnHandoff', { caseId, handoff: 1, ...FINDINGS })).toEqual(['handoff.state', 'returned']);
    });

    it('is refused before the acceptance, from the offerer, and from a stranger', async () => {
      const path = await offered();
      expect(await refused(here.jiangsu, 'ReturnHandoff', { ...path, ...FINDINGS })).toEqual(['handoff.state', 'open']);
      await call(here.jiangsu, 'AcceptHandoff', path);
      expect(await refused(here.shanghai, 'ReturnHandoff', { ...path, ...FINDINGS })).toEqual(['auth.agency']);
      expect(await refused(here.stranger, 'ReturnHandoff', { ...path, ...FINDINGS })).toEqual(['auth.agency']);
      expect(await refused(here.auditor, 'ReturnHandoff', { ...path, ...FINDINGS })).toEqual(['auth.role']);
    });

    it('is refused from a receiver that handed the case on, or offers it, or decided it', async () => {
      const { shanghai, jiangsu, anhui, world } = here;
      const caseId = await opened();
      const back = { caseId, handoff: 1, ...FINDINGS };
      await handOver(world, caseId, shanghai, jiangsu);
      await call(jiangsu, 'OfferHandoff', offer(caseId, anhui));
      expect(await refused(jiangsu, 'ReturnHandoff', back)).toEqual(['case.state', 'offered']);
      await call(anhui, 'AcceptHandoff', { caseId, handoff: 2 });
      expect(await refused(jiangsu, 'ReturnHandoff', back)).toEqual(['case.not-holder']);
      await handOver(world, caseId, anhui, jiangsu);
      expect(await refused(jiangsu, 'ReturnHandoff', back)).toEqual(['handoff.state', 'handed-on']);
      await call(jiangsu, 'DecideCase', { caseId, outcome: 'granted', certificates: [] });
      expect(await refused(jiangsu, 'ReturnHandoff', { ...back, handoff: 3 })).toEqual(['case.state', 'decided']);
    });

    it('goes back hand-off by hand-off along the way the case came', async () => {
      const { shanghai, jiangsu, anhui, world } = here;
      const caseId = await opened();
      await handOver(world, caseId, shanghai, jiangsu);
      await handOver(world, caseId, jiangsu, anhui);
      await call(anhui, 'ReturnHandoff', { caseId, handoff: 2, ...FINDINGS });
      expect(caseOf(world, caseId)).toMatchObject({ holder: { agency: jiangsu.agencyId }, heldUnder: 1 });
      await call(jiangsu, 'ReturnHandoff', { caseId, handoff: 1, ...FINDINGS });
      expect(caseOf(world, caseId)).toMatchObject({ holder: { agency: shanghai.agencyId }, heldUnder: 0 });
      expect(verifiedTimeline(world, caseId)).toHaveLength(7);
    });
  });
});
