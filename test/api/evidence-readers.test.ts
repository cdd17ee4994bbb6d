import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVIDENCE_LIMIT } from '../../api/evidence/evidence-parts.js';
import { LedgerUnavailable } from '../../network/errors.js';
import type { JsonObject } from '../../network/proof/canonical-json.js';
import { expectStatus, offerTo, openedCase, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { EvidenceWorld } from '../support/evidence-world.js';
import { HeldLedger } from '../support/held-ledger.js';

type Story = Record<string, JsonObject & JsonObject[]>;

describe('evidence', () => {
  let world: EvidenceWorld;
  let worker: ApiAgency;
  let stranger: ApiAgency;
  beforeAll(async () => {
    world = await EvidenceWorld.create();
    worker = world.worker;
    stranger = await world.business.world.agency('330000', ['case-handler', 'data-user']);
  });
  afterAll(() => world.close());

  describe('is for who may read the thing', () => {
    it('and for nobody else, nor for what is not there', async () => {
      const { caseId, receiver } = await world.decidedCase();
      const grantId = await world.grant();
      const useId = await world.releasedUse(grantId);
      const { auditor, department, provider } = world.business;
      const statuses = async (path: string, ...agencies: ApiAgency[]) =>
        Promise.all(agencies.map(async (agency) => (await world.evidence(path, agency)).status));
      expect(await statuses(`cases/${caseId}`, worker, receiver, department, auditor)).toEqual([200, 200, 200, 200]);
      for (const path of [`grants/${grantId}`, `uses/${useId}`])
        expect(await statuses(path, worker, provider, auditor)).toEqual([200, 200, 200]);
      for (const [path, agency] of [
        [`cases/${caseId}`, stranger],
        [`cases/${caseId}`, provider],
        [`grants/${grantId}`, receiver],
        [`uses/${useId}`, stranger],
      ] as const) {
        const answer = await world.evidence(path, agency);
        expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'auth.agency']);
      }
      for (const thing of ['case', 'certificate', 'grant', 'use']) {
        const answer = await world.evidence(`${thing}s/31-not-there`);
        expect([answer.status, answer.body.code]).toEqual([404, `${thing}.not-found`]);
      }
    });

    it('who say what they ask', async () => {
      const { certificateId } = await world.issued();
      for (const query of ['?asOf=yesterday', '?asOf=2026-02-30T00:00:00Z', '?knownAt=2026-01-01T00:00:00Z'])
        expect((await world.evidence(`certificates/${certificateId}`, worker, query)).status, query).toBe(400);
      expect((await world.business.world.get(`/v1/certificates/${certificateId}/evidence`)).status).toBe(401);
    });

    it('and each look is recorded, but none of who is refused', async () => {
      const grantId = await world.grant();
      const before = await world.looks();
      await world.evidence(`grants/${grantId}`, workerOf(world.business, '330000'));
      await world.evidence(`grants/${grantId}`, world.business.auditor);
      expect((await world.looks()).slice(before.length)).toEqual([
        { agency: world.business.auditor.agencyId, action: 'evidence.grant', thing: grantId },
      ]);
    });

    it('and of no more records than one bundle holds', async () => {
      const grantId = await world.grant();
      const { db } = world.business.world.service.deps.store;
      const rows = Array.from({ length: EVIDENCE_LIMIT + 1 }, (_unused, position) => ({
        grant_id: grantId,
        block: 1,
        position,
        key: `use~31-many-${position}`,
      }));
      for (let from = 0; from < rows.length; from += 1000)
        await db
          .insertInto('use_index')
          .values(rows.slice(from, from + 1000))
          .execute();
      const { status, body } = await world.evidence(`grants/${grantId}`);
      expect([status, body.code, body.retryable]).toEqual([422, 'evidence.too-large', false]);
    });

    it('and nothing is shown where the look cannot be recorded', async () => {
      const { caseId } = await world.decidedCase();
      const grantId = await world.grant();
      const useId = await world.releasedUse(grantId);
      const { certificateId } = await world.issued();
      const { db } = world.business.world.service.deps.store;
      await db.schema.alterTable('read_log').renameTo('read_log_away').execute();
      try {
        for (const path of [`cases/${caseId}`, `certificates/${certificateId}`, `grants/${grantId}`, `uses/${useId}`]) {
          const { status, body, text } = await world.evidence(path);
          expect([status, body.code, body.retryable], path).toEqual([503, 'ledger.unavailable', true]);
          expect(text).not.toMatch(/receipts|story/);
        }
      } finally {
        await db.schema.alterTable('read_log_away').renameTo('read_log').execute();
      }
      expectStatus(await world.evidence(`cases/${caseId}`), 200);
    });
  });
});

describe('evidence, while the peers are being asked', () => {
  let beforeAnswer: () => Promise<unknown> = async () => {};
  let world: EvidenceWorld;
  beforeAll(async () => {
    world = await EvidenceWorld.create({
      between: (ledger) => ({
        ...new HeldLedger().between(ledger),
        attest: async (...asked) => {
          const first = beforeAnswer;
          beforeAnswer = async () => {};
          await first();
          return ledger.attest(...asked);
        },
      }),
    });
  });
  afterAll(() => world.close());

  async function held(path: string): Promise<Story> {
    const answer = expectStatus(await world.evidence(path), 200);
    const { verdict, checks } = await world.judge(answer.text);
    expect(verdict, JSON.stringify(checks.filter(({ code }) => code))).toBe('holds');
    return answer.body.story;
  }

  it('is of a case as they know it, with an entry that came in between', async () => {
    const { worker } = world;
    const caseId = await openedCase(world.business, worker);
    beforeAnswer = () => world.write(`/v1/cases/${caseId}/pauses`, worker, { reason: 'supplement' });
    expect((await held(`cases/${caseId}`)).timeline?.map(({ type }) => type)).toEqual(['opening', 'pause']);
  });

  it('is of a case with who came to it in between', async () => {
    const { worker } = world;
    const receiver = workerOf(world.business, '320000');
    const caseId = await openedCase(world.business, worker);
    await world.write(`/v1/cases/${caseId}/handoffs`, worker, offerTo(receiver));
    beforeAnswer = () => world.write(`/v1/cases/${caseId}/handoffs/1/acceptance`, receiver);
    const { agencies } = await held(`cases/${caseId}`);
    expect(agencies?.map(({ agencyId }) => agencyId)).toContain(receiver.agencyId);
  });

  it('is of a grant with as many uses as are counted, one that came in between included', async () => {
    const grantId = await world.grant({ maxUses: 5 });
    await world.releasedUse(grantId);
    beforeAnswer = () => world.releasedUse(grantId);
    const { count, uses } = await held(`grants/${grantId}`);
    expect([count, uses?.length]).toEqual([{ maxUses: 5, used: 2 }, 2]);
  });

  it('is of a case with as many uses as its limited grant counts, one that came in between included', async () => {
    const caseId = await openedCase(world.business, world.worker);
    const grantId = await world.grant({ caseId, maxUses: 5 });
    await world.releasedUse(grantId);
    beforeAnswer = () => world.releasedUse(grantId);
    const { data } = await held(`cases/${caseId}`);
    expect(data).toMatchObject([{ count: { maxUses: 5, used: 2 }, uses: [{}, {}] }]);
  });

  it('is not given where they do not answer; the look, which came first, stays recorded', async () => {
    const { certificateId } = await world.issued();
    const before = await world.looks();
    beforeAnswer = () => Promise.reject(new LedgerUnavailable('too few peers'));
    const { status, body } = await world.evidence(`certificates/${certificateId}`);
    expect([status, body.code]).toEqual([503, 'ledger.unavailable']);
    const look = { agency: world.worker.agencyId, action: 'evidence.certificate', thing: certificateId };
    expect((await world.looks()).slice(before.length)).toEqual([look]);
  });
});
