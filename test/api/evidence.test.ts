import { Check } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson, type JsonObject } from '../../network/proof/canonical-json.js';
import { expectStatus, freshId, offerTo, openedCase, useOf, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { EvidenceWorld, REASON } from '../support/evidence-world.js';

type Story = Record<string, JsonObject & JsonObject[]>;

describe('evidence over HTTP', () => {
  let world: EvidenceWorld;
  let worker: ApiAgency;
  let stranger: ApiAgency;
  beforeAll(async () => {
    world = await EvidenceWorld.create();
    worker = world.worker;
    stranger = await world.business.world.agency('330000', ['case-handler', 'data-user']);
  });
  afterAll(() => world.close());

  /** The bundle as it was given, judged. */
  async function held(path: string, agency = worker, query = '') {
    const answer = expectStatus(await world.evidence(path, agency, query), 200);
    const judgement = await world.judge(answer.text);
    expect(judgement.verdict, JSON.stringify(judgement.checks.filter(({ code }) => code))).toBe('holds');
    return { text: answer.text, story: answer.body.story as Story, receipts: answer.body.receipts as object[], judgement };
  }

  describe('of a case', () => {
    it('holds offline and tells all of it, with nothing that is not signed', async () => {
      const { caseId, certificateId, receiver } = await world.decidedCase();
      const { text, story, receipts, judgement } = await held(`cases/${caseId}`);
      expect(text).toBe(canonicalJson(JSON.parse(text)));
      expect(text.startsWith('{"format":"yrd-evidence/2","receipts":[')).toBe(true);
      expect(receipts.length).toBe(1);
      const types = ['opening', 'milestone', 'handoff-offer', 'handoff-acceptance', 'decision'];
      expect(story.timeline?.map(({ type }) => type)).toEqual(types);
      expect(story.case).toMatchObject({ caseId, entries: 5, head: story.timeline?.at(-1)?.hash });
      expect(story.catalogue).toMatchObject({ kind: 'service-items', version: 1, status: 'published' });
      expect(story.catalogue?.votes).toHaveLength(4);
      expect(story.anchored?.length).toBe(2);
      expect(story.certificates?.map(({ leaf, record }) => [!!leaf, !!record])).toEqual([
        [false, true],
        [true, false],
        [false, false],
      ]);
      expect(judgement.answers).toMatchObject({ intact: 'yes', anchored: 'yes', entitled: 'yes' });
      expect(judgement.answers.status.slice(0, 2)).toMatchObject([
        { type: 'case', id: caseId, verdict: 'decided', holder: receiver.agencyId, entries: 5 },
        { type: 'certificate', id: certificateId, verdict: 'valid' },
      ]);
    });

    it('is as the OpenAPI document describes it, with no section more', async () => {
      const { caseId } = await world.decidedCase();
      const { body } = await world.evidence(`cases/${caseId}`);
      const { paths } = (await world.business.world.get('/openapi.json')).body;
      const answer = paths['/v1/cases/{caseId}/evidence'].get.responses[200].content['application/json'].schema;
      expect(Check(answer, body)).toBe(true);
      expect(Check(answer, { ...body, story: { ...body.story, verdict: 'genuine' } })).toBe(false);
    });

    it('says how each digest was captured, and how long it took to the ledger', async () => {
      const { caseId, certificateId } = await world.decidedCase();
      const { story } = await held(`cases/${caseId}`);
      const lines = story.captures as unknown as {
        in: string;
        capture?: object;
        recordedAt: string;
        delayMilliseconds?: number;
      }[];
      const certificate = lines.find((line) => line.in === `certificates/${certificateId}`);
      expect(certificate?.capture).toEqual({
        system: 'licensing',
        version: '3.2',
        method: 'generated',
        capturedAt: '2025-12-31T08:00:00Z',
      });
      const delay = Date.parse(certificate?.recordedAt ?? '') - Date.parse('2025-12-31T08:00:00Z');
      expect(certificate?.delayMilliseconds).toBe(delay);
      expect(lines.map((line) => line.in)).toEqual(
        expect.arrayContaining(['timeline/1', 'timeline/2', 'anchored/0', 'anchored/1']),
      );
    });

    it('tells nothing that a stranger anchored under it', async () => {
      const { caseId } = await world.decidedCase();
      const mine = freshId('330000', 'a');
      await world.anchor(caseId, [mine], stranger);
      const listed = (await world.business.world.get(`/v1/cases/${caseId}/anchored`, worker)).body.items;
      expect(listed.map(({ recordId }: { recordId: string }) => recordId)).toContain(mine);
      const { story } = await held(`cases/${caseId}`);
      expect(story.anchored).toHaveLength(2);
      expect(canonicalJson(story as JsonObject)).not.toContain(mine);
    });

    it('tells its holder on an earlier day, and a day before it was there', async () => {
      const { caseId } = await world.decidedCase();
      const { story } = await held(`cases/${caseId}`);
      const offeredAt = String(story.timeline?.[2]?.time);
      const on = async (day: string) => (await held(`cases/${caseId}`, worker, `?asOf=${day}`)).judgement.answers.status[0];
      expect(await on(offeredAt)).toMatchObject({ verdict: 'offered', holder: worker.agencyId, entries: 3, asOf: offeredAt });
      expect(await on('2020-01-01T00:00:00Z')).toMatchObject({ verdict: 'not-recorded' });
    });

    it('of more records than one receipt holds needs several, and is whole', async () => {
      const caseId = await openedCase(world.business, worker);
      for (let number = 0; number < 110; number += 1) await world.anchor(caseId, [freshId('310000', 'a')]);
      const { story, receipts } = await held(`cases/${caseId}`);
      expect(story.anchored?.length).toBe(110);
      expect(receipts.length).toBe(2);
    }, 120_000);

    it('of more entries than one receipt holds rests on the head alone', async () => {
      const caseId = await openedCase(world.business, worker);
      for (let number = 0; number < 55; number += 1) {
        await world.write(`/v1/cases/${caseId}/pauses`, worker, { reason: 'supplement' });
        await world.write(`/v1/cases/${caseId}/resumption`, worker);
      }
      const { story, receipts } = await held(`cases/${caseId}`);
      expect([story.timeline?.length, receipts.length]).toEqual([111, 1]);
    }, 120_000);

    it('shows the grant it was opened under to who may read that, and names it to others', async () => {
      const grantId = await world.grant();
      const receiver = workerOf(world.business, '340000');
      const proactive = { rule: 'hardship', policyVersion: '2026', grantId, entitlement: 'no-application' };
      const caseId = await openedCase(world.business, worker, { mode: 'proactive', channel: 'push', proactive });
      await world.write(`/v1/cases/${caseId}/handoffs`, worker, offerTo(receiver));
      const own = await held(`cases/${caseId}`);
      expect(own.story.data).toMatchObject([{ grant: { grantId }, uses: [] }]);
      expect(own.judgement.answers.status.at(-1)).toMatchObject({ type: 'grant', id: grantId, verdict: 'active' });
      const { text, story } = await held(`cases/${caseId}`, receiver);
      expect([story.data, story.withheld]).toEqual([[], [`grant~${grantId}`]]);
      expect(text).not.toContain(world.business.provider.agencyId);
    });
  });

  describe('of a certificate', () => {
    it('tells issue, changes and copies, and its status as of a day', async () => {
      const { certificateId, digests } = await world.issued();
      const copy = { digest: { alg: 'sha-256', value: 'ab'.repeat(32) }, purpose: 'loan', expiresAt: '2036-01-01T00:00:00Z' };
      await world.write(`/v1/certificates/${certificateId}/copies`, worker, copy);
      await world.write(`/v1/certificates/${certificateId}/revocation`, worker, REASON);
      const now = await held(`certificates/${certificateId}`, stranger);
      expect(now.judgement.answers.status).toMatchObject([{ type: 'certificate', verdict: 'revoked', change: REASON }]);
      expect(now.story.copies).toMatchObject([{ ...copy, role: 'annotated-copy' }]);
      const before = await held(`certificates/${certificateId}`, stranger, '?asOf=2026-02-01T00:00:00Z');
      expect(before.judgement.answers.status).toMatchObject([{ verdict: 'valid', asOf: '2026-02-01T00:00:00Z' }]);
      const { verdict } = await world.judge(now.text, { document: [digests[0] as { alg: string; value: string }] });
      expect(verdict).toBe('holds');
      const other = await world.judge(now.text, { document: [{ alg: 'sha-256', value: 'cd'.repeat(32) }] });
      expect(other.checks.find(({ code }) => code)).toMatchObject({ name: 'document', code: 'proof.document' });
    });

    it('that is a leaf rests on its batch, and after a change on the key it got', async () => {
      const { certificateId } = await world.leaf();
      const leaf = await held(`certificates/${certificateId}`);
      expect(leaf.story.certificates?.[0]).toMatchObject({ leaf: { index: 1 }, batch: { size: 3 } });
      await world.write(`/v1/certificates/${certificateId}/suspension`, worker, REASON);
      const { story, judgement } = await held(`certificates/${certificateId}`);
      expect(story.certificates?.[0]).toMatchObject({ record: { batch: { index: 1 } } });
      expect(judgement.answers.status).toMatchObject([{ verdict: 'suspended' }]);
    });

    it('names the catalogue version of the case it was issued in', async () => {
      const caseId = await openedCase(world.business, worker);
      const { certificateId } = await world.issued({ caseId });
      expect((await held(`certificates/${certificateId}`, stranger)).story.catalogue).toMatchObject({ code: 'food-licence' });
    });
  });

  describe('of a grant and of a use', () => {
    it('tells steps, every attempt and what was released', async () => {
      const grantId = await world.grant({ maxUses: 5 });
      const useId = await world.releasedUse(grantId);
      await world.releasedUse(grantId, { count: 2 });
      const beyond = useOf(worker, { fields: ['place'] });
      expect((await world.business.world.post(`/v1/grants/${grantId}/uses`, worker, beyond)).status).toBe(403);
      const { story, judgement } = await held(`grants/${grantId}`);
      expect(story.grant).toMatchObject({ grantId, steps: [{ step: 'approved' }] });
      expect(story.count).toEqual({ maxUses: 5, used: 3 });
      expect(story.uses?.map(({ use, release }) => [(use as JsonObject).decision, !!release])).toEqual([
        ['permitted', true],
        ['permitted', true],
        ['denied', false],
      ]);
      expect(judgement.answers.status).toMatchObject([{ type: 'grant', verdict: 'active' }]);
      const use = await held(`uses/${useId}`, world.business.provider);
      expect(use.story.uses).toMatchObject([{ use: { useId }, release: { useId } }]);
      expect(use.judgement.answers.status).toMatchObject([
        { type: 'use', id: useId, verdict: 'permitted' },
        { type: 'grant', id: grantId, verdict: 'active' },
      ]);
    });

    it('of more uses than one receipt holds is whole', async () => {
      const grantId = await world.grant({ maxUses: 1000 });
      for (let number = 0; number < 60; number += 1) await world.write(`/v1/grants/${grantId}/uses`, worker, useOf(worker));
      const { story, receipts } = await held(`grants/${grantId}`);
      expect([story.uses?.length, receipts.length]).toEqual([60, 2]);
    }, 60_000);

    it('of a revoked grant says so, and that it was active the day before', async () => {
      const grantId = await world.grant();
      const { story } = await held(`grants/${grantId}`);
      await world.write(`/v1/grants/${grantId}/revocation`, world.business.provider, { reason: 'misuse' });
      expect((await held(`grants/${grantId}`)).judgement.answers.status).toMatchObject([{ verdict: 'revoked' }]);
      const earlier = await held(
        `grants/${grantId}`,
        worker,
        `?asOf=${(story.grant?.steps as JsonObject[] | undefined)?.[0]?.recordedAt}`,
      );
      expect(earlier.judgement.answers.status).toMatchObject([{ verdict: 'active' }]);
    });
  });
});
