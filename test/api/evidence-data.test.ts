import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../network/proof/canonical-json.js';
import { activeGrant, expectStatus, offerTo, openedCase, useOf, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { EvidenceWorld } from '../support/evidence-world.js';

type Story = Record<string, JsonObject & JsonObject[]>;

describe('evidence of a case in which data were used', () => {
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
  async function held(path: string, agency = worker) {
    const answer = expectStatus(await world.evidence(path, agency), 200);
    const judgement = await world.judge(answer.text);
    expect(judgement.verdict, JSON.stringify(judgement.checks.filter(({ code }) => code))).toBe('holds');
    return { text: answer.text, story: answer.body.story as Story, judgement };
  }

  it('tells the data used in it: each grant with its data set, and every attempt to use it for the case', async () => {
    const { caseId, grants, uses, elsewhere, denied } = await world.caseWithData();
    const { text, story, judgement } = await held(`cases/${caseId}`);
    const data = story.data as unknown as {
      grant: JsonObject;
      catalogue: JsonObject;
      count?: JsonObject;
      uses: { use: JsonObject }[];
    }[];
    const told = Object.fromEntries(
      data.map(({ grant, uses: made }) => [grant.grantId, made.map(({ use }) => [use.useId, use.decision])]),
    );
    expect(told).toEqual({
      [grants.own]: [
        [uses[0], 'permitted'],
        [uses[1], 'permitted'],
        [denied, 'denied'],
      ],
      [grants.other]: [
        [uses[2], 'permitted'],
        [uses[3], 'permitted'],
      ],
    });
    expect(data.map(({ catalogue }) => catalogue.kind)).toEqual(['data-sets', 'data-sets']);
    const counts = Object.fromEntries(data.map(({ grant, count }) => [grant.grantId, count]));
    expect(counts).toEqual({ [grants.own]: { maxUses: 5, used: 2 }, [grants.other]: undefined });
    expect(text).not.toContain(elsewhere);
    expect(judgement.answers).toMatchObject({ intact: 'yes', anchored: 'yes', entitled: 'yes' });
    const ids = judgement.answers.status.filter(({ type }) => type === 'grant').map(({ id, verdict }) => [id, verdict]);
    expect(ids.sort()).toEqual([grants.own, grants.other].sort().map((id) => [id, 'active']));
    const captures = (story.captures as unknown as { in: string }[]).map((line) => line.in);
    expect(captures).toContain(`data/${grants.other}/uses/${uses[2]}/release`);
  });

  it('tells a party of the case nothing of grants that are not its own, and an auditor all of them', async () => {
    const { caseId, grants } = await world.caseWithData();
    const receiver = workerOf(world.business, '340000');
    await world.write(`/v1/cases/${caseId}/handoffs`, worker, offerTo(receiver));
    const { text, story } = await held(`cases/${caseId}`, receiver);
    expect(story.data).toEqual([]);
    for (const id of Object.values(grants)) expect(text).not.toContain(id);
    expect((await held(`cases/${caseId}`, world.business.auditor)).story.data).toHaveLength(2);
  });

  it('tells nothing of the data that a stranger says it used for the case', async () => {
    const { caseId } = await world.decidedCase();
    const grantId = await activeGrant(world.business, stranger, { caseId });
    const answer = await world.business.world.post(`/v1/grants/${grantId}/uses`, stranger, useOf(stranger, { caseId }));
    expectStatus(answer, 201);
    const { text, story } = await held(`cases/${caseId}`, world.business.auditor);
    expect(story.data).toEqual([]);
    expect(text).not.toContain(grantId);
  });

  it('tells nothing of a stranger who tries the grant of a party for the case', async () => {
    const { caseId, grants } = await world.caseWithData();
    const elsewhere = await world.grant();
    for (const grantId of [grants.own, elsewhere]) {
      const answer = await world.business.world.post(`/v1/grants/${grantId}/uses`, stranger, useOf(stranger, { caseId }));
      expect([answer.status, answer.body.code]).toEqual([403, 'grant.not-grantee']);
    }
    const { text, story } = await held(`cases/${caseId}`, world.business.auditor);
    expect(story.data).toHaveLength(2);
    for (const id of [stranger.agencyId, elsewhere]) expect(text).not.toContain(id);
  });

  it('tells nothing of attempts that name another case, though the grant names this one', async () => {
    const { caseId, grants } = await world.caseWithData();
    const other = await openedCase(world.business, worker);
    const attempt = useOf(worker, { caseId: other });
    expect((await world.business.world.post(`/v1/grants/${grants.own}/uses`, worker, attempt)).status).toBe(403);
    expect((await held(`cases/${caseId}`)).text).not.toContain(attempt.useId);
    const { story } = await held(`cases/${other}`);
    expect(story.data).toMatchObject([{ grant: { grantId: grants.own }, uses: [{ use: { useId: attempt.useId } }] }]);
  });

  it('records the look at each grant that it tells of', async () => {
    const { caseId, grants } = await world.caseWithData();
    const before = await world.looks();
    await held(`cases/${caseId}`);
    const looks = (await world.looks()).slice(before.length).map(({ action, thing }) => `${action} ${thing}`);
    const ofGrants = [grants.own, grants.other].sort().map((id) => `evidence.grant ${id}`);
    expect([looks[0], ...looks.slice(1).sort()]).toEqual([`evidence.case ${caseId}`, ...ofGrants]);
  });
});
