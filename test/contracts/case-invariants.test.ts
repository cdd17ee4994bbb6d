import { beforeAll, describe, expect, it } from 'vitest';
import { parseRefusal } from '../../chaincode/errors.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { caseCalls, milestone, racingCalls } from '../support/case-calls.js';
import {
  type CaseWorld,
  caseOf,
  createCaseWorld,
  handOver,
  offer,
  openCase,
  opening,
  verifiedTimeline,
} from '../support/case-world.js';
import type { Actor } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';
import { draftEntry, editorOf, publishEntry, serviceItem } from '../support/published-entry.js';

describe('cases keep', () => {
  let here: CaseWorld;
  beforeAll(async () => {
    here = await createCaseWorld();
  });

  const { call, refused } = caseCalls(() => here);
  const { simulated, fresh } = racingCalls(() => here);

  describe('rule 3: a case names its catalogue version, and only a published one counts', () => {
    it('refuses a version before its four votes, and after its suspension', async () => {
      const { editors, jiangsu, department, world } = here;
      const content = serviceItem('rule-three', { '320000': [department.agencyId] }, {});
      const { contentDigest } = await draftEntry(world, editors, 'service-items', content);
      const path = { kind: 'service-items', code: content.code, version: 1 };
      const open = () => opening(jiangsu, { itemCode: content.code });
      expect(await refused(jiangsu, 'OpenCase', open())).toEqual(['catalogue.not-published', 'draft']);

      const proposer = editorOf(editors, '310000');
      const times = { opensAt: '2026-10-01T00:00:00Z', closesAt: '2026-10-31T00:00:00Z' };
      await world.submit(proposer, 'catalogue:OpenConsultation', { ...path, ...times, noticeDigest: sha256('notice') });
      expect(await refused(jiangsu, 'OpenCase', open())).toEqual(['catalogue.not-published', 'consultation']);
      const result = { adopted: 0, notAdopted: 0, summaryDigest: sha256('summary') };
      await world.submit(proposer, 'catalogue:RecordConsultationResult', { ...path, ...result });
      const vote = { ...path, vote: 'approve', contentDigest };
      for (const province of ['310000', '320000', '330000'] as const)
        await world.submit(editorOf(editors, province), 'catalogue:CastVote', vote);
      expect(await refused(jiangsu, 'OpenCase', open())).toEqual(['catalogue.not-published', 'consulted']);
      await world.submit(editorOf(editors, '340000'), 'catalogue:CastVote', vote);
      expect((await call(jiangsu, 'OpenCase', open())).record.item).toEqual({ code: content.code, version: 1 });

      await world.submit(department, 'catalogue:SuspendEntry', path);
      expect(await refused(jiangsu, 'OpenCase', open())).toEqual(['catalogue.not-published', 'suspended']);
    });

    it('a case opened and a version suspended at the same moment cannot both come of it', async () => {
      const { editors, jiangsu, department, world } = here;
      const content = serviceItem('rule-three-race', { '320000': [department.agencyId] }, {});
      await publishEntry(world, editors, 'service-items', content);
      const rival = await simulated(jiangsu, 'OpenCase', opening(jiangsu, { itemCode: content.code }));
      await world.submit(department, 'catalogue:SuspendEntry', { kind: 'service-items', code: content.code, version: 1 });
      expect([rival.status, fresh(rival)]).toEqual([200, false]);
    });

    it('keeps a case under the version that it was opened under, whatever becomes of that or follows it', async () => {
      const { editors, jiangsu, department, world } = here;
      const content = serviceItem('rule-three-kept', { '320000': [department.agencyId] }, { route: ['accepted', 'granted'] });
      await publishEntry(world, editors, 'service-items', content);
      const caseId = await openCase(world, jiangsu, { itemCode: content.code });
      const next = { ...content, route: ['granted'] };
      await publishEntry(world, editors, 'service-items', next);
      expect(await refused(jiangsu, 'RecordMilestone', milestone(caseId, 'granted'))).toEqual(['case.route']);
      await call(jiangsu, 'RecordMilestone', milestone(caseId, 'accepted'));
      expect(caseOf(world, caseId).item).toEqual({ code: content.code, version: 1 });
      expect((await refused(jiangsu, 'OpenCase', opening(jiangsu, { itemCode: content.code })))[0]).toBe(
        'catalogue.not-published',
      );
    });
  });

  describe('rule 8: written by the agency in the certificate that signed', () => {
    it('each entry bears the signer, whatever the verb', async () => {
      const { shanghai, jiangsu, department, stranger, world } = here;
      const caseId = await openCase(world, shanghai);
      await call(department, 'RecordPreReview', { caseId, result: 'pass', findingsDigest: sha256('findings') });
      await call(shanghai, 'OfferHandoff', offer(caseId, jiangsu, { dueAt: '2026-11-01T00:00:00Z' }));
      await call(stranger, 'LapseHandoff', { caseId, handoff: 1 });
      await handOver(world, caseId, shanghai, jiangsu);
      expect(verifiedTimeline(world, caseId).map((entry) => entry.agency)).toEqual(
        [shanghai, department, shanghai, stranger, shanghai, jiangsu].map((actor) => actor.agencyId),
      );
    });

    it('no input can name the agency that acts', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await openCase(world, shanghai);
      for (const field of ['agency', 'holder', 'from', 'opener', 'caller'])
        expect(await refused(shanghai, 'OfferHandoff', offer(caseId, jiangsu, { [field]: shanghai.agencyId }))).toEqual([
          'request.invalid',
        ]);
    });

    it("the holder's own name under another province's authority, or on a key of its own, moves nothing", async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      const elsewhere = await world.identity('340000', ['case-handler'], shanghai.agencyId);
      expect(await refused(elsewhere, 'RecordMilestone', milestone(caseId))).toEqual(['auth.invalid']);
      const secondKey = await world.identity('310000', ['case-handler'], shanghai.agencyId);
      expect(await refused(secondKey, 'RecordMilestone', milestone(caseId))).toEqual(['auth.invalid']);
    });

    it('a holder that was deactivated, or lost the role, moves nothing from then on', async () => {
      const { world } = here;
      const registrar = world.registrars.get('330000') as Actor;
      const holder = await world.agency('330000', ['case-handler', 'data-user']);
      const caseId = await openCase(world, holder);
      const rival = await simulated(holder, 'RecordMilestone', milestone(caseId));
      await world.submit(registrar, 'registry:SetAgencyRoles', { agencyId: holder.agencyId, roles: ['data-user'] });
      expect([rival.status, fresh(rival)]).toEqual([200, false]);
      expect(await refused(holder, 'RecordMilestone', milestone(caseId))).toEqual(['auth.role']);
      await world.submit(registrar, 'registry:DeactivateAgency', { agencyId: holder.agencyId, reason: 'merged' });
      expect(await refused(holder, 'RecordMilestone', milestone(caseId))).toEqual(['auth.invalid']);
    });
  });

  describe('rule 9: an operation applied once', () => {
    it('the same milestone under the same operation is refused and names the first transaction', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      const first = await world.submit(shanghai, 'case:RecordMilestone', milestone(caseId), 'operation-of-case');
      const again = await world.refusal(shanghai, 'case:RecordMilestone', milestone(caseId), 'operation-of-case');
      expect([again.code, again.facts.transaction]).toEqual(['operation.applied', first.transactionId]);
      expect(verifiedTimeline(world, caseId)).toHaveLength(2);
    });

    it('two attempts of one operation at the same moment cannot both come of it', async () => {
      const { shanghai, world } = here;
      const caseId = await openCase(world, shanghai);
      const argument = encodeArgument({ operation: 'operation-at-once', input: milestone(caseId) });
      const rival = await world.simulate(shanghai, 'case:RecordMilestone', argument);
      await world.submit(shanghai, 'case:RecordMilestone', milestone(caseId), 'operation-at-once');
      expect([rival.status, fresh(rival)]).toEqual([200, false]);
      const late = await world.simulate(shanghai, 'case:RecordMilestone', argument);
      expect(parseRefusal(late.message)?.code).toBe('operation.applied');
    });
  });

  describe("rule 10: time is the transaction's, and recorded time never runs backwards", () => {
    it('a transaction that declares an earlier time is recorded at the time of the one before', async () => {
      const { shanghai, jiangsu, world } = here;
      const caseId = await openCase(world, shanghai);
      const { recordedAt } = caseOf(world, caseId);
      world.now = Date.parse(recordedAt) - 60_000;
      await call(shanghai, 'OfferHandoff', offer(caseId, jiangsu));
      await call(jiangsu, 'AcceptHandoff', { caseId, handoff: 1 });
      world.now = Date.parse(recordedAt) + 60_000;
      await call(jiangsu, 'RecordMilestone', milestone(caseId));
      const later = new Date(Date.parse(recordedAt) + 60_000).toISOString();
      expect(verifiedTimeline(world, caseId).map((entry) => entry.time)).toEqual([recordedAt, recordedAt, recordedAt, later]);
      expect(world.read(`handoff~${caseId}~00000001`)).toMatchObject({ offeredAt: recordedAt, settledAt: recordedAt });
    });
  });
});
