import { beforeAll, describe, expect, it } from 'vitest';
import { caseCalls } from '../support/case-calls.js';
import { sessionInput } from '../support/case-sessions.js';
import {
  type CaseWorld,
  createCaseWorld,
  handOver,
  OFFICER_VALIDITY,
  openCase,
  registerCentre,
  registerOfficer,
} from '../support/case-world.js';
import { caseSteps, type ExpectedStep, partyWrite, type Taken } from '../support/case-writes.js';
import type { Actor } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';

/** What the recording of a session must write, and `others`. */
function sessionOf(body: ReturnType<typeof sessionInput>, { agency, time }: Taken, others: object = {}): ExpectedStep {
  const { caseId, ...session } = body;
  const recorded = { ...body, centre: agency, status: 'recorded', recordedAt: time };
  return {
    type: 'session',
    data: session,
    others: { [`session~${caseId}~${body.sessionId}`]: recorded, ...others },
    answer: 'session',
  };
}

describe('a remote session', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const session = (caseId: string, changes: object = {}) => sessionInput(here, caseId, changes);
  const { refused } = caseCalls(() => here);
  const { step } = caseSteps(() => here);
  const opened = () => openCase(here.world, here.jiangsu, { mode: 'assisted', channel: 'virtual-window' });
  const recorded = async (caseId: string) => {
    const body = session(caseId);
    await here.world.submit(here.centre, 'case:RecordSession', body);
    return { caseId, sessionId: body.sessionId };
  };

  describe('when it is recorded', () => {
    it('writes itself, the case, the entry, and the counterpart as a party', async () => {
      const { centre, department } = here;
      const caseId = await opened();
      const body = session(caseId, {
        consentDigest: sha256('consent'),
        checked: [{ code: 'floor-plan', digest: sha256('plan'), result: 'pass' }],
        recordingDigest: sha256('recording'),
      });
      await step(centre, 'RecordSession', body, (taken) => sessionOf(body, taken, partyWrite(caseId, department, 0, taken.time)));
    });

    it('a second session of the same parties writes no party again', async () => {
      const caseId = await opened();
      await recorded(caseId);
      const body = session(caseId);
      await step(here.centre, 'RecordSession', body, (taken) => sessionOf(body, taken));
    });

    it('is refused under an id that the case has already, but not under one of another case', async () => {
      const { caseId, sessionId } = await recorded(await opened());
      expect(await refused(here.centre, 'RecordSession', session(caseId, { sessionId }))).toEqual(['session.exists']);
      await here.world.submit(here.centre, 'case:RecordSession', session(await opened(), { sessionId }));
    });

    it('is refused from any agency but the centre of the officer, the holder included', async () => {
      const caseId = await opened();
      const other = await here.world.agency('310000', ['case-handler'], 'centre');
      const body = session(caseId, { counterpart: here.zhejiang.agencyId });
      for (const actor of [here.jiangsu, here.department, other])
        expect(await refused(actor, 'RecordSession', body)).toEqual(['auth.agency']);
      expect(await refused(here.auditor, 'RecordSession', body)).toEqual(['auth.role']);
    });

    it('is refused with an officer who is unknown, waits for the host, or was deactivated', async () => {
      const { centre, world } = here;
      const caseId = await opened();
      const by = (officerId: string) => refused(centre, 'RecordSession', session(caseId, { officerId }));
      expect(await by('officer-unknown')).toEqual(['case.officer']);
      const host = await registerCentre(world);
      await registerOfficer(world, centre, 'officer-guest', { hostCentreId: host.agencyId });
      expect(await by('officer-guest')).toEqual(['case.officer']);
      await world.submit(host, 'registry:AcceptOfficer', { officerId: 'officer-guest' });
      await world.submit(centre, 'case:RecordSession', session(caseId, { officerId: 'officer-guest' }));
      await registerOfficer(world, centre, 'officer-gone');
      await world.submit(centre, 'registry:DeactivateOfficer', { officerId: 'officer-gone' });
      expect(await by('officer-gone')).toEqual(['case.officer']);
    });

    it('is refused with an officer who lacks one of the two duties, or serves none of the provinces', async () => {
      const { centre, world } = here;
      const caseId = await opened();
      const without = async (officerId: string, changes: object) => {
        await registerOfficer(world, centre, officerId, changes);
        return refused(centre, 'RecordSession', session(caseId, { officerId }));
      };
      expect(await without('officer-a', { duties: ['verify-identity', 'consult', 'receive'] })).toEqual(['case.officer']);
      expect(await without('officer-b', { duties: ['assist'] })).toEqual(['case.officer']);
      expect(await without('officer-c', { servesProvinces: ['340000', '330000'] })).toEqual(['case.officer']);
    });

    it('needs the officer from its start to its end, and still when it is recorded', async () => {
      const { centre, world } = here;
      const caseId = await opened();
      const { validFrom, validTo } = OFFICER_VALIDITY;
      const early = session(caseId, { startedAt: '2026-10-31T23:59:59Z', endedAt: '2026-11-01T00:10:00Z' });
      expect(await refused(centre, 'RecordSession', early)).toEqual(['case.officer']);
      const late = session(caseId, { startedAt: '2026-12-31T23:50:00Z', endedAt: validTo });
      expect(await refused(centre, 'RecordSession', late)).toEqual(['case.officer']);
      await world.submit(centre, 'case:RecordSession', session(caseId, { startedAt: validFrom, endedAt: validFrom }));
      const today = world.now;
      world.now = Date.parse(validTo);
      expect(await refused(centre, 'RecordSession', session(caseId))).toEqual(['case.officer']);
      world.now = today;
      await world.submit(centre, 'case:RecordSession', session(caseId));
    });

    it('is refused with an end before its start, or with the centre as its own counterpart', async () => {
      const { centre, world } = here;
      const caseId = await opened();
      const backwards = await world.refusal(
        centre,
        'case:RecordSession',
        session(caseId, { startedAt: '2026-11-02T00:41:00Z', endedAt: '2026-11-02T00:40:00Z' }),
      );
      expect([backwards.code, backwards.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/endedAt']);
      const alone = await world.refusal(centre, 'case:RecordSession', session(caseId, { counterpart: centre.agencyId }));
      expect([alone.code, alone.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/counterpart']);
    });

    it('is refused with a counterpart that is unknown or inactive', async () => {
      const { centre, world } = here;
      const caseId = await opened();
      const unknown = await world.identity('320000', ['case-handler']);
      const of = (counterpart: Actor) => refused(centre, 'RecordSession', session(caseId, { counterpart: counterpart.agencyId }));
      expect(await of(unknown)).toEqual(['agency.not-found']);
      const idle = await world.agency('320000', ['case-handler']);
      const registrar = world.registrars.get('320000') as Actor;
      await world.submit(registrar, 'registry:DeactivateAgency', { agencyId: idle.agencyId, reason: 'merged' });
      expect(await of(idle)).toEqual(['agency.state', 'inactive']);
    });

    it('is refused for a case that is not there, or decided', async () => {
      const { centre, jiangsu, world } = here;
      expect(await refused(centre, 'RecordSession', session('32-nowhere'))).toEqual(['case.not-found']);
      const caseId = await opened();
      await world.submit(jiangsu, 'case:DecideCase', { caseId, outcome: 'granted', certificates: [] });
      expect(await refused(centre, 'RecordSession', session(caseId))).toEqual(['case.state', 'decided']);
    });

    it('serves a case by its counterpart, its holder or its opener', async () => {
      const { centre, shanghai, anhui, zhejiang, world } = here;
      await registerOfficer(world, centre, 'officer-anhui', { servesProvinces: ['340000'] });
      const of = (caseId: string, counterpart: Actor) =>
        session(caseId, { officerId: 'officer-anhui', counterpart: counterpart.agencyId });
      const caseId = await openCase(world, centre);
      expect(await refused(centre, 'RecordSession', of(caseId, zhejiang))).toEqual(['case.officer']);
      await world.submit(centre, 'case:RecordSession', of(caseId, anhui));
      await handOver(world, caseId, centre, anhui);
      await world.submit(centre, 'case:RecordSession', of(caseId, zhejiang));
      const opener = await openCase(world, anhui);
      await handOver(world, opener, anhui, shanghai);
      await world.submit(centre, 'case:RecordSession', of(opener, shanghai));
    });
  });

  describe('when it is acknowledged', () => {
    it('writes itself, the case, the entry and the centre as a party, and nothing else', async () => {
      const path = await recorded(await opened());
      const { caseId, sessionId } = path;
      const key = `session~${caseId}~${sessionId}`;
      await step(here.department, 'AcknowledgeSession', path, ({ time, was }) => ({
        type: 'session-acknowledgement',
        data: { sessionId },
        others: {
          ...partyWrite(caseId, here.centre, 0, time),
          [key]: { ...was(key), status: 'acknowledged', acknowledgedAt: time, recordedAt: time },
        },
        answer: 'session',
      }));
    });

    it('is refused from anybody but the counterpart', async () => {
      const path = await recorded(await opened());
      for (const actor of [here.centre, here.jiangsu, here.stranger])
        expect(await refused(actor, 'AcknowledgeSession', path)).toEqual(['auth.agency']);
      expect(await refused(here.auditor, 'AcknowledgeSession', path)).toEqual(['auth.role']);
    });

    it('is refused twice, of a session that is not there, and of another case', async () => {
      const path = await recorded(await opened());
      await here.world.submit(here.department, 'case:AcknowledgeSession', path);
      expect(await refused(here.department, 'AcknowledgeSession', path)).toEqual(['session.state', 'acknowledged']);
      const elsewhere = { ...path, caseId: await opened() };
      expect(await refused(here.department, 'AcknowledgeSession', elsewhere)).toEqual(['session.not-found']);
      const nowhere = { ...path, caseId: '32-nowhere' };
      expect(await refused(here.department, 'AcknowledgeSession', nowhere)).toEqual(['case.not-found']);
    });

    it('may follow the decision, but not the closure', async () => {
      const { department, jiangsu, world } = here;
      const first = await recorded(await opened());
      const second = await recorded(first.caseId);
      const { caseId } = first;
      await world.submit(jiangsu, 'case:DecideCase', { caseId, outcome: 'granted', certificates: [] });
      await world.submit(department, 'case:AcknowledgeSession', first);
      await world.submit(jiangsu, 'case:CloseCase', { caseId });
      expect(await refused(department, 'AcknowledgeSession', second)).toEqual(['case.state', 'closed']);
    });
  });
});
