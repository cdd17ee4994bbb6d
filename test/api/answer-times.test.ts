import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueAt, WEEKENDS_ONLY } from '../../api/calendar/working-days.js';
import {
  type Business,
  createBusiness,
  expectStatus,
  grantRequest,
  offerTo,
  openedCase,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

const DAY = 86_400_000;

describe('the time that an answer may take', () => {
  let business: Business;
  let folder: string;
  let jiangsu: ApiAgency;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'answer-times-'));
    const file = join(folder, 'calendar.json');
    writeFileSync(file, JSON.stringify({ holidays: [], workdays: [], answerDays: { conditional: 3 } }));
    business = await createBusiness({ settings: { CALENDAR_FILE: file } });
    jiangsu = workerOf(business, '320000');
  });
  afterAll(async () => {
    await business.world.close();
    rmSync(folder, { recursive: true });
  });

  const post = (path: string, agency: ApiAgency, body: object = {}) => business.world.post(path, agency, body);
  const get = (path: string, agency: ApiAgency) => business.world.get(path, agency);
  const idsOf = (answer: { body: { items: { caseId: string; grantId: string }[] } }) =>
    answer.body.items.map(({ caseId, grantId }) => caseId ?? grantId);
  const daysAfter = (since: string, days: number) => new Date(dueAt(WEEKENDS_ONLY, Date.parse(since), days)).toISOString();

  it('is over for an offer after five working days, whatever date the offerer asked for', async () => {
    const holder = await business.world.agency('340000', ['case-handler']);
    const caseId = await openedCase(business, holder);
    const path = `/v1/cases/${caseId}/handoffs`;
    expectStatus(await post(path, holder, offerTo(jiangsu)), 201);
    const { offeredAt, answerDueAt } = (await get(`${path}/1`, holder)).body;
    expect(answerDueAt).toBe(daysAfter(offeredAt, 5));
    const { store } = business.world.service.deps;
    const since = (offered_since: number) =>
      store.db.updateTable('case_index').set({ offered_since }).where('case_id', '=', caseId).execute();
    await since(Date.now() - 4 * DAY);
    expect(idsOf(await get('/v1/cases?overdue=true', holder))).toEqual([]);
    await since(Date.now() - 10 * DAY);
    expect(idsOf(await get('/v1/cases?overdue=true', holder))).toEqual([caseId]);
    expect(idsOf(await get('/v1/cases?overdue=false', holder))).toEqual([]);
    expectStatus(await post(`${path}/1/rejection`, jiangsu, { reason: 'incomplete' }), 201);
    expect(idsOf(await get('/v1/cases?overdue=true', holder))).toEqual([]);
    expect((await get(`${path}/1`, holder)).body).not.toHaveProperty('answerDueAt');
  });

  it('is over for an offer at the date that the offerer asked for, where that comes first', async () => {
    const holder = await business.world.agency('340000', ['case-handler']);
    const path = `/v1/cases/${await openedCase(business, holder)}/handoffs`;
    const soon = new Date(Date.now() + 60_000).toISOString();
    expectStatus(await post(path, holder, offerTo(jiangsu, { dueAt: soon })), 201);
    expect((await get(`${path}/1`, holder)).body.answerDueAt).toBe(soon);
  });

  it('is that of the calendar file for a request for data, starts again with a supplement, and ends with the answer', async () => {
    const grantee = await business.world.agency('340000', ['data-user']);
    const { grantId } = (await post('/v1/grants', grantee, grantRequest(grantee))).body.record;
    const path = `/v1/grants/${grantId}`;
    const { requestedAt, answerDueAt } = (await get(path, grantee)).body;
    expect(answerDueAt).toBe(daysAfter(requestedAt, 3));
    expect((await get('/v1/grants', grantee)).body.items).toEqual([expect.objectContaining({ grantId, answerDueAt })]);
    const { store } = business.world.service.deps;
    await store.db
      .updateTable('grant_index')
      .set({ awaiting_since: Date.now() - 8 * DAY })
      .where('grant_id', '=', grantId)
      .execute();
    expect(idsOf(await get('/v1/grants?overdue=true', grantee))).toEqual([grantId]);
    expectStatus(await post(`${path}/supplement-request`, business.provider, { reason: 'purpose-unclear' }), 201);
    expect((await get(path, grantee)).body).not.toHaveProperty('answerDueAt');
    expect(idsOf(await get('/v1/grants?overdue=true', grantee))).toEqual([]);
    expectStatus(await post(`${path}/supplement`, grantee, { digest: sha256('supplement') }), 201);
    const again = (await get(path, grantee)).body;
    expect(again.answerDueAt).toBe(daysAfter(again.steps.at(-1).recordedAt, 3));
    expectStatus(await post(`${path}/approval`, business.provider), 201);
    expect((await get(path, grantee)).body).not.toHaveProperty('answerDueAt');
  });
});
