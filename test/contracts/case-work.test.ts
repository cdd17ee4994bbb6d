import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CaseWorld,
  caseOf,
  createCaseWorld,
  handOver,
  offer,
  openCase,
  ROUTED_ITEM,
  verifiedTimeline,
} from '../support/case-world.js';
import { caseSteps } from '../support/case-writes.js';
import { sha256 } from '../support/digests.js';

const FINDINGS = { result: 'correct', findingsDigest: sha256('findings') };

describe('working on a case', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const step = (caseId: string, name: string) => ({ caseId, name, occurredAt: '2026-11-02T00:30:00Z', digest: sha256(name) });
  const material = (caseId: string, changes: object = {}) => ({
    caseId,
    code: 'application-form',
    digest: sha256('second form'),
    ...changes,
  });
  const review = (caseId: string) => ({ caseId, ...FINDINGS });
  const { step: taken } = caseSteps(() => here);
  const decided = async () => {
    const caseId = await openCase(here.world, here.shanghai);
    await here.world.submit(here.shanghai, 'case:DecideCase', { caseId, outcome: 'refused', certificates: [] });
    return caseId;
  };

  describe('milestones', () => {
    it('become the next entry and write nothing else', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      const { caseId: _, ...data } = { ...step(caseId, 'site-visit'), channel: 'window' };
      await taken(shanghai, 'RecordMilestone', { caseId, ...data }, () => ({ type: 'milestone', data, answer: 'entry' }));
    });

    it('on a route count in the case, and write nothing else', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai, { itemCode: ROUTED_ITEM });
      const { caseId: _, ...data } = step(caseId, 'accepted');
      await taken(shanghai, 'RecordMilestone', { caseId, ...data }, () => ({
        type: 'milestone',
        data,
        changes: { routeDone: 1 },
        answer: 'entry',
      }));
    });

    it('follow the route of the item: in order, each once, no others', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai, { itemCode: ROUTED_ITEM });
      const refused = async (name: string) => (await world.refusal(shanghai, 'case:RecordMilestone', step(caseId, name))).code;
      expect(await refused('reviewed')).toBe('case.route');
      await world.submit(shanghai, 'case:RecordMilestone', step(caseId, 'accepted'));
      expect(await refused('accepted')).toBe('case.route');
      expect(await refused('licensed')).toBe('case.route');
      expect(await refused('elsewhere')).toBe('case.route');
      await world.submit(shanghai, 'case:RecordMilestone', step(caseId, 'reviewed'));
      await world.submit(shanghai, 'case:RecordMilestone', step(caseId, 'licensed'));
      expect(await refused('licensed')).toBe('case.route');
      expect(caseOf(world, caseId).routeDone).toBe(3);
    });

    it('go on along the route after the case changed hands', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await openCase(world, shanghai, { itemCode: ROUTED_ITEM });
      await world.submit(shanghai, 'case:RecordMilestone', step(caseId, 'accepted'));
      await handOver(world, caseId, shanghai, jiangsu);
      expect((await world.refusal(jiangsu, 'case:RecordMilestone', step(caseId, 'accepted'))).code).toBe('case.route');
      await world.submit(jiangsu, 'case:RecordMilestone', step(caseId, 'reviewed'));
    });

    it('are refused from a past holder, from a receiver who has not accepted, and from a stranger', async () => {
      const { shanghai, jiangsu, anhui, stranger, world } = here;
      const caseId = await openCase(world, shanghai);
      await handOver(world, caseId, shanghai, jiangsu);
      await world.submit(jiangsu, 'case:OfferHandoff', offer(caseId, anhui));
      const refused = async (actor: typeof anhui) => (await world.refusal(actor, 'case:RecordMilestone', step(caseId, 'x'))).code;
      expect(await refused(shanghai)).toBe('case.not-holder');
      expect(await refused(anhui)).toBe('case.not-holder');
      expect(await refused(stranger)).toBe('auth.agency');
    });

    it('are refused for a case that is not there, or decided', async () => {
      const { shanghai, world } = here;
      const missing = await world.refusal(shanghai, 'case:RecordMilestone', step('31-nowhere', 'x'));
      expect(missing.code).toBe('case.not-found');
      const late = await world.refusal(shanghai, 'case:RecordMilestone', step(await decided(), 'x'));
      expect([late.code, late.facts.state]).toEqual(['case.state', 'decided']);
    });

    it('are refused from roles that do not handle cases', async () => {
      const caseId = await openCase(here.world, here.shanghai);
      expect((await here.world.refusal(here.auditor, 'case:RecordMilestone', step(caseId, 'x'))).code).toBe('auth.role');
      expect((await here.world.refusal(here.department, 'case:RecordMilestone', step(caseId, 'x'))).code).toBe('auth.role');
    });
  });

  describe('materials', () => {
    it('become the next entry and write nothing else', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      const data = { code: 'application-form', digest: sha256('second form'), replaces: 1 };
      await taken(shanghai, 'SubmitMaterial', { caseId, ...data }, () => ({ type: 'material', data, answer: 'entry' }));
    });

    it('replace one of the opening, or a later one, by the number of its entry', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      await world.submit(shanghai, 'case:SubmitMaterial', material(caseId, { replaces: 1 }));
      await world.submit(shanghai, 'case:SubmitMaterial', material(caseId, { replaces: 2, digest: sha256('third form') }));
      expect(verifiedTimeline(world, caseId).map((entry) => entry.data.replaces)).toEqual([undefined, 1, 2]);
    });

    it('cannot replace another material, another kind of entry, or one to come', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      await world.submit(shanghai, 'case:RecordMilestone', step(caseId, 'site-visit'));
      const refused = async (changes: object) =>
        (await world.refusal(shanghai, 'case:SubmitMaterial', material(caseId, changes))).code;
      expect(await refused({ code: 'floor-plan', replaces: 1 })).toBe('case.material');
      expect(await refused({ replaces: 2 })).toBe('case.material');
      expect(await refused({ replaces: 3 })).toBe('case.material');
    });

    it('are refused from others than the holder, and once the case is decided', async () => {
      const { shanghai, jiangsu, stranger, world } = here;
      const caseId = await openCase(world, shanghai);
      await handOver(world, caseId, shanghai, jiangsu);
      expect((await world.refusal(shanghai, 'case:SubmitMaterial', material(caseId))).code).toBe('case.not-holder');
      expect((await world.refusal(stranger, 'case:SubmitMaterial', material(caseId))).code).toBe('auth.agency');
      expect((await world.refusal(shanghai, 'case:SubmitMaterial', material('31-nowhere'))).code).toBe('case.not-found');
      expect((await world.refusal(shanghai, 'case:SubmitMaterial', material(await decided()))).code).toBe('case.state');
      expect((await world.refusal(here.auditor, 'case:SubmitMaterial', material(caseId))).code).toBe('auth.role');
    });
  });

  describe('pre-reviews', () => {
    it('by the holder become the next entry and write nothing else', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      await taken(shanghai, 'RecordPreReview', review(caseId), () => ({ type: 'pre-review', data: FINDINGS, answer: 'entry' }));
    });

    it('may be made by a responsible department of the item, which does not become a party by it', async () => {
      const { shanghai, department, world } = here;
      const caseId = await openCase(world, shanghai);
      await taken(department, 'RecordPreReview', review(caseId), () => ({
        type: 'pre-review',
        data: FINDINGS,
        answer: 'entry',
      }));
    });

    it('are refused from a past holder, a stranger and an auditor', async () => {
      const { shanghai, jiangsu, stranger, auditor, world } = here;
      const caseId = await openCase(world, shanghai);
      await handOver(world, caseId, shanghai, jiangsu);
      const refused = async (actor: typeof auditor) => (await world.refusal(actor, 'case:RecordPreReview', review(caseId))).code;
      expect(await refused(shanghai)).toBe('case.not-holder');
      expect(await refused(stranger)).toBe('auth.agency');
      expect(await refused(auditor)).toBe('auth.role');
    });

    it('are refused for a case that is not there, or decided', async () => {
      const { department, world } = here;
      expect((await world.refusal(department, 'case:RecordPreReview', review('31-nowhere'))).code).toBe('case.not-found');
      const late = await world.refusal(department, 'case:RecordPreReview', review(await decided()));
      expect([late.code, late.facts.state]).toEqual(['case.state', 'decided']);
    });
  });
});
