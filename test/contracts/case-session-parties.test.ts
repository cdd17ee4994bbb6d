import { beforeAll, describe, expect, it } from 'vitest';
import { caseCalls } from '../support/case-calls.js';
import { sessionInput } from '../support/case-sessions.js';
import { type CaseWorld, createCaseWorld, openCase } from '../support/case-world.js';
import type { Actor } from '../support/contract-world.js';

describe('a remote session makes parties of a case', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const { refused } = caseCalls(() => here);
  const opened = () => openCase(here.world, here.jiangsu, { mode: 'assisted', channel: 'virtual-window' });
  const isParty = (caseId: string, { agencyId }: Actor) => here.world.read(`case-party~${caseId}~${agencyId}`) !== undefined;
  const held = async (caseId: string, counterpart: Actor) => {
    const body = sessionInput(here, caseId, { counterpart: counterpart.agencyId });
    await here.world.submit(here.centre, 'case:RecordSession', body);
    return { caseId, sessionId: body.sessionId };
  };

  it('of the counterpart at once, of the centre when the counterpart acknowledges', async () => {
    const { centre, department, world } = here;
    const caseId = await opened();
    const path = await held(caseId, department);
    expect([isParty(caseId, department), isParty(caseId, centre)]).toEqual([true, false]);
    await world.submit(department, 'case:AcknowledgeSession', path);
    expect(isParty(caseId, centre)).toBe(true);
  });

  it('of no two agencies of which neither has to do with the case', async () => {
    const { centre, jiangsu, stranger, zhejiang } = here;
    const caseId = await opened();
    const withNobody = (counterpart: Actor) =>
      refused(centre, 'RecordSession', sessionInput(here, caseId, { counterpart: counterpart.agencyId }));
    for (const counterpart of [zhejiang, stranger]) expect(await withNobody(counterpart)).toEqual(['auth.agency']);
    await held(caseId, jiangsu);
    expect(await withNobody(zhejiang)).toEqual(['auth.agency']);
  });

  it('of whomever a centre names that is a party itself', async () => {
    const { department, world, zhejiang } = here;
    const caseId = await opened();
    await world.submit(department, 'case:AcknowledgeSession', await held(caseId, department));
    await held(caseId, zhejiang);
    expect(isParty(caseId, zhejiang)).toBe(true);
  });
});
