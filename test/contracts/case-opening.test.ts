import { beforeAll, describe, expect, it } from 'vitest';
import type { CaseRecord } from '../../chaincode/transactions/case/case-record.js';
import {
  type CaseWorld,
  COMPONENT_ITEM,
  COMPOSED_ITEM,
  caseOf,
  createCaseWorld,
  handOver,
  openCase,
  opening,
  ROUTED_ITEM,
  verifiedTimeline,
} from '../support/case-world.js';
import { caseSteps, type ExpectedStep, partyWrite, stepWrites, type Taken } from '../support/case-writes.js';
import type { Actor } from '../support/contract-world.js';

const PROACTIVE = { rule: 'hardship-aid', policyVersion: '2026.1', grantId: '31-grant-1', entitlement: 'no-application' };

/** What the opening of a case of nobody else must write. */
function openingOf(actor: Actor, body: ReturnType<typeof opening>, { time }: Taken): ExpectedStep {
  const { caseId, itemCode, itemVersion, materials, ...given } = body;
  const item = { code: itemCode, version: itemVersion };
  const opener = { province: actor.province, agency: actor.agencyId };
  return {
    type: 'opening',
    data: { caseId, item, ...given, materials, holder: opener },
    changes: {
      caseId,
      item,
      ...given,
      status: 'open',
      opener,
      holder: opener,
      heldUnder: 0,
      handoffs: 0,
      subcases: [],
      routeDone: 0,
      openedAt: time,
    },
    others: partyWrite(caseId, actor, 0, time),
    answer: 'case',
  };
}

describe('opening a case', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });
  const open = (actor: Actor, body: object) => here.world.submit(actor, 'case:OpenCase', body);
  const { step } = caseSteps(() => here);
  const refused = (actor: Actor, body: object) => here.world.refusal(actor, 'case:OpenCase', body);

  it('writes the case, its first entry and its first party, and nothing else', async () => {
    const { shanghai } = here;
    const body = opening(shanghai, { dueAt: '2026-12-24T00:00:00Z' });
    await step(shanghai, 'OpenCase', body, (taken) => openingOf(shanghai, body, taken));
  });

  it('takes each of the six modes that the item offers', async () => {
    for (const mode of ['standard', 'continued', 'integrated', 'assisted', 'counter'])
      expect((await open(here.shanghai, opening(here.shanghai, { mode }))).record.mode).toBe(mode);
    const body = opening(here.shanghai, { mode: 'proactive', channel: 'push', proactive: PROACTIVE });
    expect((await open(here.shanghai, body)).record).toMatchObject({ mode: 'proactive', proactive: PROACTIVE });
  });

  it('refuses a mode that the item does not offer', async () => {
    const body = opening(here.shanghai, { itemCode: COMPONENT_ITEM, mode: 'continued' });
    expect((await refused(here.shanghai, body)).code).toBe('case.mode');
  });

  it('refuses a proactive case without its rule, and a rule in any other mode', async () => {
    const without = await refused(here.shanghai, opening(here.shanghai, { mode: 'proactive' }));
    expect(without.code).toBe('request.invalid');
    expect(without.facts.fields?.[0]?.path).toBe('/proactive');
    const besides = await refused(here.shanghai, opening(here.shanghai, { proactive: PROACTIVE }));
    expect(besides.code).toBe('request.invalid');
    expect(besides.facts.fields?.[0]?.path).toBe('/proactive');
  });

  it('refuses an id that is taken, also by another agency', async () => {
    const caseId = await openCase(here.world, here.shanghai);
    expect((await refused(here.shanghai, opening(here.shanghai, { caseId }))).code).toBe('case.exists');
    expect((await refused(here.stranger, opening(here.stranger, { caseId }))).code).toBe('case.exists');
  });

  it("refuses an id with another province's digits, and one of a wrong form", async () => {
    expect((await refused(here.shanghai, opening(here.shanghai, { caseId: '32-case-1' }))).code).toBe('request.id-invalid');
    expect((await refused(here.shanghai, opening(here.shanghai, { caseId: '31~case' }))).code).toBe('request.id-invalid');
  });

  it('refuses roles that do not handle cases', async () => {
    expect((await refused(here.auditor, opening(here.auditor))).code).toBe('auth.role');
    expect((await refused(here.department, opening(here.department))).code).toBe('auth.role');
  });

  it('refuses a version that nobody wrote, and an item that nobody wrote', async () => {
    expect((await refused(here.shanghai, opening(here.shanghai, { itemVersion: 2 }))).code).toBe('catalogue.not-found');
    expect((await refused(here.shanghai, opening(here.shanghai, { itemCode: 'unheard-of' }))).code).toBe('catalogue.not-found');
  });

  describe('as part of another', () => {
    const parentBody = () => ({ itemCode: COMPOSED_ITEM, mode: 'integrated' });
    const component = (actor: Actor, parentCaseId: string, changes: object = {}) =>
      opening(actor, { itemCode: COMPONENT_ITEM, parentCaseId, ...changes });

    it("is written in the parent's list and timeline too", async () => {
      const { shanghai, world } = here;
      const parent = await openCase(world, shanghai, parentBody());
      const body = component(shanghai, parent);
      const data = { caseId: body.caseId, item: { code: COMPONENT_ITEM, version: 1 } };
      await step(shanghai, 'OpenCase', body, (taken) => {
        const { others, ...own } = openingOf(shanghai, body, taken);
        const whole = stepWrites(parent, taken, { type: 'subcase', data, changes: { subcases: [body.caseId] } });
        return { ...own, others: { ...others, ...whole } };
      });
      expect(verifiedTimeline(world, parent)).toHaveLength(2);
    });

    it('may be opened by a holder of another province than the opener of the parent', async () => {
      const parent = await openCase(here.world, here.shanghai, parentBody());
      await handOver(here.world, parent, here.shanghai, here.jiangsu);
      const accepted = await open(here.jiangsu, component(here.jiangsu, parent));
      expect((accepted.record as unknown as CaseRecord).holder.province).toBe('320000');
    });

    it('refuses an agency that no longer holds the parent, and one that never had to do with it', async () => {
      const parent = await openCase(here.world, here.shanghai, parentBody());
      await handOver(here.world, parent, here.shanghai, here.jiangsu);
      expect((await refused(here.shanghai, component(here.shanghai, parent))).code).toBe('case.not-holder');
      expect((await refused(here.stranger, component(here.stranger, parent))).code).toBe('auth.agency');
    });

    it('refuses a parent that is not integrated, not there, or decided', async () => {
      const plain = await openCase(here.world, here.shanghai);
      expect((await refused(here.shanghai, component(here.shanghai, plain))).code).toBe('case.mode');
      expect((await refused(here.shanghai, component(here.shanghai, '31-nowhere'))).code).toBe('case.not-found');
      const decided = await openCase(here.world, here.shanghai, parentBody());
      await here.world.submit(here.shanghai, 'case:DecideCase', { caseId: decided, outcome: 'granted', certificates: [] });
      const refusal = await refused(here.shanghai, component(here.shanghai, decided));
      expect([refusal.code, refusal.facts.state]).toEqual(['case.state', 'decided']);
    });

    it("refuses an item that the parent's item does not name, but takes any where it names none", async () => {
      const named = await openCase(here.world, here.shanghai, parentBody());
      const foreign = component(here.shanghai, named, { itemCode: ROUTED_ITEM });
      expect((await refused(here.shanghai, foreign)).code).toBe('case.component');
      const free = await openCase(here.world, here.shanghai, { mode: 'integrated' });
      expect((await open(here.shanghai, component(here.shanghai, free, { itemCode: ROUTED_ITEM }))).record.parentCaseId).toBe(
        free,
      );
    });

    it('refuses the hundred and first part', async () => {
      const parent = await openCase(here.world, here.shanghai, parentBody());
      for (let part = 0; part < 100; part++) await open(here.shanghai, component(here.shanghai, parent));
      expect((await refused(here.shanghai, component(here.shanghai, parent))).code).toBe('case.component');
      expect(caseOf(here.world, parent).subcases).toHaveLength(100);
    });
  });
});
