import { beforeAll, describe, expect, it } from 'vitest';
import { caseCalls } from '../support/case-calls.js';
import {
  type CaseWorld,
  COMPONENT_ITEM,
  COMPOSED_ITEM,
  createCaseWorld,
  handOver,
  offer,
  openCase,
} from '../support/case-world.js';
import { caseSteps } from '../support/case-writes.js';
import { licenceId } from '../support/certificate-content.js';
import type { Actor } from '../support/contract-world.js';

describe('deciding a case', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const decision = (caseId: string, changes: object = {}) => ({ caseId, outcome: 'granted', certificates: [], ...changes });
  const decide = (actor: Actor, caseId: string, changes: object = {}) =>
    here.world.submit(actor, 'case:DecideCase', decision(caseId, changes));
  const { refused } = caseCalls(() => here);
  const { step } = caseSteps(() => here);
  const opened = () => openCase(here.world, here.shanghai);

  it('writes the case and the entry, and nothing else', async () => {
    const { shanghai } = here;
    const caseId = await opened();
    const given = { outcome: 'granted', reasonCode: 'complete', certificates: [`${shanghai.agencyId}-0001`] };
    await step(shanghai, 'DecideCase', decision(caseId, given), () => ({
      type: 'decision',
      data: given,
      changes: { status: 'decided', decision: given },
      answer: 'case',
    }));
  });

  it.each([
    ['granted', 'decided'],
    ['refused', 'decided'],
    ['withdrawn', 'withdrawn'],
  ])('%s makes it %s', async (outcome, status) => {
    const caseId = await opened();
    expect((await decide(here.shanghai, caseId, { outcome })).record.status).toBe(status);
    expect(await refused(here.shanghai, 'DecideCase', decision(caseId))).toEqual(['case.state', status]);
  });

  it('is refused while the case is offered, and goes again once it is not', async () => {
    const caseId = await opened();
    await here.world.submit(here.shanghai, 'case:OfferHandoff', offer(caseId, here.anhui));
    expect(await refused(here.shanghai, 'DecideCase', decision(caseId))).toEqual(['case.state', 'offered']);
    await here.world.submit(here.shanghai, 'case:RecallHandoff', { caseId, handoff: 1 });
    await decide(here.shanghai, caseId);
  });

  it.each(['DecideCase', 'CloseCase'])('%s is refused from others than the holder', async (verb) => {
    const { shanghai, jiangsu, anhui, stranger, auditor, world } = here;
    const input = (caseId: string) => (verb === 'DecideCase' ? decision(caseId) : { caseId });
    const caseId = await opened();
    await handOver(world, caseId, shanghai, jiangsu);
    await world.submit(jiangsu, 'case:OfferHandoff', offer(caseId, anhui));
    expect(await refused(shanghai, verb, input(caseId))).toEqual(['case.not-holder']);
    expect(await refused(anhui, verb, input(caseId))).toEqual(['case.not-holder']);
    expect(await refused(stranger, verb, input(caseId))).toEqual(['auth.agency']);
    expect(await refused(auditor, verb, input(caseId))).toEqual(['auth.role']);
    expect(await refused(jiangsu, verb, input('31-nowhere'))).toEqual(['case.not-found']);
  });

  it('refuses certificates named by an id that holds a citizen or a mobile number', async () => {
    const caseId = await opened();
    const { agencyId } = here.shanghai;
    const holding = ['11010519491231002X', `${agencyId}-13800138000`, licenceId(agencyId, 'A11010519491231002X')];
    for (const id of holding) {
      const { code, facts } = await here.world.refusal(
        here.shanghai,
        'case:DecideCase',
        decision(caseId, { certificates: [id] }),
      );
      expect([code, facts.fields?.map(({ path }) => path)]).toEqual(['privacy.personal-data', ['/certificates/0']]);
    }
    const certificates = [licenceId(agencyId, '13800138000'), licenceId('310104', 'L8'), `${agencyId}-0001`];
    expect((await decide(here.shanghai, caseId, { certificates })).record).toMatchObject({ decision: { certificates } });
  });

  it('refuses outcomes and reasons outside their closed forms', async () => {
    const caseId = await opened();
    expect(await refused(here.shanghai, 'DecideCase', decision(caseId, { outcome: 'maybe' }))).toEqual(['request.invalid']);
    const wordy = decision(caseId, { reasonCode: 'because of Mr Zhang' });
    expect(await refused(here.shanghai, 'DecideCase', wordy)).toEqual(['request.invalid']);
    const foreign = decision(caseId, { certificates: ['cert~1234'] });
    expect(await refused(here.shanghai, 'DecideCase', foreign)).toEqual(['request.id-invalid']);
  });

  describe('of several parts', () => {
    const composed = async () => {
      const { shanghai, world } = here;
      const parent = await openCase(world, shanghai, { itemCode: COMPOSED_ITEM, mode: 'integrated' });
      const part = () => openCase(world, shanghai, { itemCode: COMPONENT_ITEM, parentCaseId: parent });
      return { parent, first: await part(), second: await part() };
    };

    it('waits until each of them is decided, by whoever holds it', async () => {
      const { shanghai, jiangsu, world } = here;
      const { parent, first, second } = await composed();
      expect(await refused(shanghai, 'DecideCase', decision(parent))).toEqual(['case.subcases-open']);
      await handOver(world, first, shanghai, jiangsu);
      await decide(jiangsu, first);
      expect(await refused(shanghai, 'DecideCase', decision(parent))).toEqual(['case.subcases-open']);
      await world.submit(shanghai, 'case:OfferHandoff', offer(second, jiangsu));
      expect(await refused(shanghai, 'DecideCase', decision(parent))).toEqual(['case.subcases-open']);
      await world.submit(shanghai, 'case:RecallHandoff', { caseId: second, handoff: 1 });
      await decide(shanghai, second, { outcome: 'withdrawn' });
      const given = { outcome: 'granted', certificates: [] };
      await step(shanghai, 'DecideCase', decision(parent), () => ({
        type: 'decision',
        data: given,
        changes: { status: 'decided', decision: given },
        answer: 'case',
      }));
    });

    it('counts a closed part as decided', async () => {
      const { shanghai, world } = here;
      const { parent, first, second } = await composed();
      for (const caseId of [first, second]) {
        await decide(shanghai, caseId);
        await world.submit(shanghai, 'case:CloseCase', { caseId });
      }
      expect((await decide(shanghai, parent)).record.status).toBe('decided');
    });
  });

  describe('and closing it', () => {
    it('writes the case and the entry, and nothing else', async () => {
      const { shanghai } = here;
      const caseId = await opened();
      await decide(shanghai, caseId);
      await step(shanghai, 'CloseCase', { caseId }, () => ({
        type: 'closure',
        data: {},
        changes: { status: 'closed' },
        answer: 'case',
      }));
    });

    it('is refused before the decision, after a withdrawal, and twice', async () => {
      const { shanghai, world } = here;
      const caseId = await opened();
      expect(await refused(shanghai, 'CloseCase', { caseId })).toEqual(['case.state', 'open']);
      await decide(shanghai, caseId);
      await world.submit(shanghai, 'case:CloseCase', { caseId });
      expect(await refused(shanghai, 'CloseCase', { caseId })).toEqual(['case.state', 'closed']);
      const withdrawn = await opened();
      await decide(shanghai, withdrawn, { outcome: 'withdrawn' });
      expect(await refused(shanghai, 'CloseCase', { caseId: withdrawn })).toEqual(['case.state', 'withdrawn']);
    });
  });
});
