import { beforeAll, describe, expect, it } from 'vitest';
import { caseCalls, handoffCalls } from '../support/case-calls.js';
import { type CaseWorld, createCaseWorld, offer } from '../support/case-world.js';
import { caseSteps, handoffWrite, partyWrite } from '../support/case-writes.js';
import type { Actor } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';

describe('handing a case off', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const { call, refused } = caseCalls(() => here);
  const { opened, offered } = handoffCalls(() => here);
  const { step } = caseSteps(() => here);

  describe('by an offer', () => {
    it('writes the hand-off, the case, the entry and the new party', async () => {
      const { shanghai, jiangsu } = here;
      const caseId = await opened();
      const to = jiangsu.agencyId;
      const dueAt = '2026-12-01T00:00:00Z';
      const manifest = [{ code: 'application-form', digest: sha256('form') }];
      const input = { caseId, to, reason: 'next-step', manifest, dueAt };
      await step(shanghai, 'OfferHandoff', input, (taken) => ({
        type: 'handoff-offer',
        data: { number: 1, to, reason: 'next-step', manifest, dueAt },
        changes: { status: 'offered', handoffs: 1, offer: { number: 1, to, dueAt } },
        others: {
          ...partyWrite(caseId, jiangsu, 0, taken.time),
          ...handoffWrite(
            taken,
            { caseId, handoff: 1 },
            {
              ...input,
              number: 1,
              from: shanghai.agencyId,
              fromProvince: '310000',
              toProvince: '320000',
              status: 'open',
              heldUnder: 0,
              offeredAt: taken.time,
              recordedAt: taken.time,
            },
          ),
        },
        answer: 'handoff',
      }));
    });

    it('is refused while another is open', async () => {
      const { caseId } = await offered();
      expect(await refused(here.shanghai, 'OfferHandoff', offer(caseId, here.anhui))).toEqual(['case.state', 'offered']);
    });

    it('is refused from a party that does not hold the case, and from a stranger', async () => {
      const { caseId } = await offered();
      expect(await refused(here.jiangsu, 'OfferHandoff', offer(caseId, here.anhui))).toEqual(['case.not-holder']);
      // Whether all that is named is there comes before whose the case is.
      const nobody = await here.world.identity('320000', ['case-handler']);
      expect(await refused(here.stranger, 'OfferHandoff', offer(caseId, nobody))).toEqual(['agency.not-found']);
      expect(await refused(here.stranger, 'OfferHandoff', offer(caseId, here.stranger))).toEqual(['auth.agency']);
      expect(await refused(here.auditor, 'OfferHandoff', offer(caseId, here.anhui))).toEqual(['auth.role']);
    });

    it('is refused to itself, to nobody, and to an agency that could not hold a case', async () => {
      const { shanghai, auditor, department, world } = here;
      const caseId = await opened();
      expect(await refused(shanghai, 'OfferHandoff', offer(caseId, shanghai))).toEqual(['request.invalid']);
      const unknown = await world.identity('320000', ['case-handler']);
      expect(await refused(shanghai, 'OfferHandoff', offer(caseId, unknown))).toEqual(['agency.not-found']);
      expect(await refused(shanghai, 'OfferHandoff', offer(caseId, auditor))).toEqual(['agency.roles']);
      expect(await refused(shanghai, 'OfferHandoff', offer(caseId, department))).toEqual(['agency.roles']);
      const idle = await world.agency('320000', ['case-handler']);
      const registrar = world.registrars.get('320000') as Actor;
      await world.submit(registrar, 'registry:DeactivateAgency', { agencyId: idle.agencyId, reason: 'merged' });
      expect(await refused(shanghai, 'OfferHandoff', offer(caseId, idle))).toEqual(['agency.state', 'inactive']);
    });

    it('is refused for a case that is not there, or decided', async () => {
      expect(await refused(here.shanghai, 'OfferHandoff', offer('31-nowhere', here.jiangsu))).toEqual(['case.not-found']);
      const caseId = await opened();
      await call(here.shanghai, 'DecideCase', { caseId, outcome: 'granted', certificates: [] });
      expect(await refused(here.shanghai, 'OfferHandoff', offer(caseId, here.jiangsu))).toEqual(['case.state', 'decided']);
    });

    it('refuses a reason in free text', async () => {
      const caseId = await opened();
      const wordy = offer(caseId, here.jiangsu, { reason: 'please look at Mr Zhang' });
      expect(await refused(here.shanghai, 'OfferHandoff', wordy)).toEqual(['request.invalid']);
    });
  });

  describe('by an acceptance', () => {
    it('moves the case to the receiver and writes nothing else', async () => {
      const { jiangsu } = here;
      const path = await offered();
      const holder = { province: '320000', agency: jiangsu.agencyId };
      await step(jiangsu, 'AcceptHandoff', path, (taken) => ({
        type: 'handoff-acceptance',
        data: { number: 1, holder },
        changes: { status: 'open', offer: undefined, holder, heldUnder: 1 },
        others: {
          ...partyWrite(path.caseId, jiangsu, 1, taken.time),
          ...handoffWrite(taken, path, { status: 'accepted', settledAt: taken.time, recordedAt: taken.time }),
        },
        answer: 'handoff',
      }));
    });

    it('is refused from everybody but the receiver, the offerer included', async () => {
      const path = await offered();
      for (const actor of [here.shanghai, here.anhui, here.stranger])
        expect(await refused(actor, 'AcceptHandoff', path)).toEqual(['auth.agency']);
      expect(await refused(here.auditor, 'AcceptHandoff', path)).toEqual(['auth.role']);
    });

    it('is refused a second time, and of a hand-off that is not there', async () => {
      const path = await offered();
      await call(here.jiangsu, 'AcceptHandoff', path);
      expect(await refused(here.jiangsu, 'AcceptHandoff', path)).toEqual(['handoff.state', 'accepted']);
      expect(await refused(here.jiangsu, 'AcceptHandoff', { ...path, handoff: 2 })).toEqual(['handoff.not-found']);
      expect(await refused(here.jiangsu, 'AcceptHandoff', { caseId: '31-nowhere', handoff: 1 })).toEqual(['case.not-found']);
    });

    it('is good after the due time as long as the lapse is not recorded', async () => {
      const path = await offered({ dueAt: '2026-11-01T00:00:00Z' });
      expect((await call(here.jiangsu, 'AcceptHandoff', path)).record.status).toBe('accepted');
    });
  });
});
