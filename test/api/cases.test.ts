import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashJson } from '../../chaincode/runtime/argument.js';
import {
  anyHandle,
  type Business,
  COMPONENT,
  createBusiness,
  expectStatus,
  freshId,
  ITEM,
  offerTo,
  openedCase,
  openingOf,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';

describe('cases over HTTP', () => {
  let business: Business;
  let shanghai: ApiAgency;
  let jiangsu: ApiAgency;
  let anhui: ApiAgency;

  beforeAll(async () => {
    business = await createBusiness();
    shanghai = workerOf(business, '310000');
    jiangsu = workerOf(business, '320000');
    anhui = workerOf(business, '340000');
  });
  afterAll(() => business.world.close());

  const post = (path: string, agency: ApiAgency | undefined, body?: unknown) => business.world.post(path, agency, body);
  const get = (path: string, agency?: ApiAgency) => business.world.get(path, agency);
  const milestone = (name = 'received') => ({ name, occurredAt: '2026-03-01T00:00:00Z', digest: sha256(name) });

  it('opens a case, tells where it is, and reads it back at once', async () => {
    const caseId = freshId('310000', 'case');
    const opened = await post('/v1/cases', shanghai, openingOf(caseId));
    expect(opened.status).toBe(201);
    expect(opened.headers.location).toBe(`/v1/cases/${caseId}`);
    expect(opened.body.transaction).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      block: expect.any(Number),
      time: expect.any(String),
      endorsers: expect.arrayContaining(['ShanghaiMSP']),
    });
    const read = await get(`/v1/cases/${caseId}`, shanghai);
    expect(read.status).toBe(200);
    expect(read.body).toMatchObject({
      caseId,
      item: { code: ITEM, version: 1 },
      mode: 'standard',
      channel: 'online',
      status: 'open',
      holder: { province: '310000', agency: shanghai.agencyId },
      subcases: [],
      entries: 1,
      head: opened.body.record.head,
    });
  });

  it.each([
    ['an id of another province', { caseId: '32-case-000001' }, 400, 'request.id-invalid'],
    ['an id with a slash', { caseId: '31/case-00001' }, 400, 'request.id-invalid'],
    ['an unknown field', { holder: 'me' }, 400, 'request.invalid'],
    ['an item nobody published', { itemCode: 'nothing' }, 404, 'catalogue.not-found'],
    ['a mode that the item does not offer', { mode: 'counter' }, 422, 'case.mode'],
    ['a mobile number for a code', { materials: [{ code: '13812345678' }] }, 422, 'privacy.personal-data'],
    ['a parent that is not there', { parentCaseId: '31-case-none' }, 404, 'case.not-found'],
  ])('refuses %s', async (_name, changes, status, code) => {
    const answer = await post('/v1/cases', shanghai, openingOf(freshId('310000', 'case'), changes));
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a second case of one id, in whatever state the first is', async () => {
    const caseId = await openedCase(business, shanghai);
    const again = await post('/v1/cases', shanghai, openingOf(caseId));
    expect([again.status, again.body.code]).toEqual([409, 'case.exists']);
  });

  it('lists numbered entries, each with the hash of the one before, in pages', async () => {
    const caseId = await openedCase(business, shanghai);
    for (const name of ['received', 'checked', 'approved'])
      expectStatus(await post(`/v1/cases/${caseId}/milestones`, shanghai, milestone(name)), 201);
    const first = await get(`/v1/cases/${caseId}/timeline?limit=3`, shanghai);
    expect(first.body.items.map((entry: { number: number }) => entry.number)).toEqual([1, 2, 3]);
    const next = /^<(.+)>; rel="next"$/.exec(String(first.headers.link))?.[1] ?? '';
    const second = await get(next, shanghai);
    expect(second.body).toEqual({ items: [expect.objectContaining({ number: 4, type: 'milestone' })] });
    const entries = [...first.body.items, ...second.body.items];
    let previous = '0'.repeat(64);
    for (const { hash, ...entry } of entries) {
      expect(entry.previousHash).toBe(previous);
      expect(hashJson(entry)).toBe(hash);
      previous = hash;
    }
    expect((await get(`/v1/cases/${caseId}`, shanghai)).body).toMatchObject({ entries: 4, head: previous });
  });

  it('does not take the cursor of one list for another', async () => {
    const caseId = await openedCase(business, shanghai);
    const other = await openedCase(business, shanghai);
    expectStatus(await post(`/v1/cases/${caseId}/milestones`, shanghai, milestone()), 201);
    const { nextCursor } = (await get(`/v1/cases/${caseId}/timeline?limit=1`, shanghai)).body;
    const answer = await get(`/v1/cases/${other}/timeline?cursor=${nextCursor}`, shanghai);
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
  });

  it('moves a case by offer and acceptance, and numbers hand-offs from 1', async () => {
    const caseId = await openedCase(business, shanghai);
    const offered = await post(`/v1/cases/${caseId}/handoffs`, shanghai, offerTo(jiangsu));
    expect([offered.status, offered.headers.location, offered.body.record.number]).toEqual([
      201,
      `/v1/cases/${caseId}/handoffs/1`,
      1,
    ]);
    expect((await get(`/v1/cases/${caseId}`, jiangsu)).body).toMatchObject({
      status: 'offered',
      offer: { number: 1, to: jiangsu.agencyId },
    });
    const second = await post(`/v1/cases/${caseId}/handoffs`, shanghai, offerTo(anhui));
    expect([second.status, second.body.code, second.body.state]).toEqual([409, 'case.state', 'offered']);
    expect((await post(`/v1/cases/${caseId}/handoffs/1/acceptance`, anhui)).body.code).toBe('auth.agency');
    expectStatus(await post(`/v1/cases/${caseId}/handoffs/1/acceptance`, jiangsu), 201);
    expect((await get(`/v1/cases/${caseId}`, shanghai)).body).toMatchObject({
      status: 'open',
      holder: { province: '320000', agency: jiangsu.agencyId },
    });
    expect((await get(String(offered.headers.location), shanghai)).body).toMatchObject({
      number: 1,
      status: 'accepted',
      from: shanghai.agencyId,
    });
    const lost = await post(`/v1/cases/${caseId}/milestones`, shanghai, milestone());
    expect([lost.status, lost.body.code]).toEqual([409, 'case.not-holder']);
    const again = await post(`/v1/cases/${caseId}/handoffs/1/acceptance`, jiangsu, {});
    expect([again.status, again.body.code, again.body.state]).toEqual([409, 'handoff.state', 'accepted']);
    const none = await post(`/v1/cases/${caseId}/handoffs/2/acceptance`, jiangsu);
    expect([none.status, none.body.code]).toEqual([404, 'handoff.not-found']);
    expect((await get(`/v1/cases/${caseId}/handoffs/2`, jiangsu)).body.code).toBe('handoff.not-found');
  });

  it('lets exactly one of two acceptances at once through', async () => {
    const caseId = await openedCase(business, shanghai);
    expectStatus(await post(`/v1/cases/${caseId}/handoffs`, shanghai, offerTo(jiangsu)), 201);
    const answers = await Promise.all([
      post(`/v1/cases/${caseId}/handoffs/1/acceptance`, jiangsu),
      post(`/v1/cases/${caseId}/handoffs/1/acceptance`, jiangsu),
      post(`/v1/cases/${caseId}/handoffs/1/recall`, shanghai),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect((await get(`/v1/cases/${caseId}/timeline`, shanghai)).body.items).toHaveLength(3);
  });

  it('opens sub-cases under an integrated case, and decides it only after them', async () => {
    const parentCaseId = await openedCase(business, shanghai, { mode: 'integrated' });
    const caseId = await openedCase(business, shanghai, { parentCaseId, itemCode: COMPONENT });
    expect((await get(`/v1/cases/${parentCaseId}`, shanghai)).body.subcases).toEqual([caseId]);
    const decision = { outcome: 'granted', certificates: [] };
    const early = await post(`/v1/cases/${parentCaseId}/decision`, shanghai, decision);
    expect([early.status, early.body.code]).toEqual([409, 'case.subcases-open']);
    for (const id of [caseId, parentCaseId]) expectStatus(await post(`/v1/cases/${id}/decision`, shanghai, decision), 201);
    expectStatus(await post(`/v1/cases/${parentCaseId}/closure`, shanghai), 201);
    expect((await get(`/v1/cases/${parentCaseId}`, shanghai)).body.status).toBe('closed');
  });

  it('shows a case to its parties, the responsible departments and auditors, and to nobody else', async () => {
    const caseId = await openedCase(business, shanghai);
    expectStatus(await post(`/v1/cases/${caseId}/handoffs`, shanghai, offerTo(jiangsu)), 201);
    const readers = [shanghai, jiangsu, business.department, business.auditor];
    for (const path of [`/v1/cases/${caseId}`, `/v1/cases/${caseId}/timeline`, `/v1/cases/${caseId}/handoffs/1`]) {
      for (const reader of readers) expect((await get(path, reader)).status).toBe(200);
      for (const stranger of [anhui, business.provider, business.world.registrar()]) {
        const answer = await get(path, stranger);
        expect([answer.status, answer.body.code]).toEqual([403, 'auth.agency']);
      }
      expect((await get(path)).body.code).toBe('auth.missing');
      expect((await get(path.replace(caseId, '31-case-none'), anhui)).body.code).toBe('case.not-found');
    }
  });

  it('keeps past holders and receivers of rejected offers among the readers', async () => {
    const caseId = await openedCase(business, shanghai);
    expectStatus(await post(`/v1/cases/${caseId}/handoffs`, shanghai, offerTo(anhui)), 201);
    expectStatus(await post(`/v1/cases/${caseId}/handoffs/1/rejection`, anhui, { reason: 'not-competent' }), 201);
    expect((await get(`/v1/cases/${caseId}`, anhui)).status).toBe(200);
  });

  describe('lists', () => {
    const idsOf = (answer: { body: { items: { caseId: string }[] } }) => answer.body.items.map(({ caseId }) => caseId);
    const subject = anyHandle();

    it('show only what the caller may read, filtered and in pages', async () => {
      const zhejiang = workerOf(business, '330000');
      const own = [await openedCase(business, zhejiang, { subject }), await openedCase(business, zhejiang, { subject })].sort();
      const foreign = await openedCase(business, anhui);
      expect(idsOf(await get('/v1/cases', zhejiang))).toEqual(own);
      expect(idsOf(await get(`/v1/cases?holder=${anhui.agencyId}`, zhejiang))).toEqual([]);
      expect(idsOf(await get(`/v1/cases?holder=${anhui.agencyId}&item=${ITEM}`, business.auditor))).toContain(foreign);
      expect(idsOf(await get(`/v1/cases?holder=${zhejiang.agencyId}`, business.department))).toEqual(own);
      expect(idsOf(await get(`/v1/cases?item=${COMPONENT}`, zhejiang))).toEqual([]);
      const [first, second] = own;
      const page = await get('/v1/cases?limit=1', zhejiang);
      expect(idsOf(page)).toEqual([first]);
      expect(idsOf(await get(`/v1/cases?limit=1&cursor=${page.body.nextCursor}`, zhejiang))).toEqual([second]);
      expectStatus(await post(`/v1/cases/${first}/handoffs`, zhejiang, offerTo(anhui)), 201);
      expect(idsOf(await get('/v1/cases?status=offered', zhejiang))).toEqual([first]);
      expect(idsOf(await get('/v1/cases?status=open', zhejiang))).toEqual([second]);
    });

    it('tell what is overdue: late cases, but nothing decided, and nothing that was paused in time', async () => {
      const holder = await business.world.agency('340000', ['case-handler']);
      const past = '2026-02-01T00:00:00Z';
      const late = await openedCase(business, holder, { dueAt: past });
      const decided = await openedCase(business, holder, { dueAt: past });
      expectStatus(await post(`/v1/cases/${decided}/decision`, holder, { outcome: 'refused', certificates: [] }), 201);
      const latePaused = await openedCase(business, holder, { dueAt: past });
      expectStatus(await post(`/v1/cases/${latePaused}/pauses`, holder, { reason: 'awaiting-applicant' }), 201);
      // Time enough to open two cases and pause one of them; then the other one tells when it is over for both.
      const soon = new Date(Date.now() + 8000).toISOString();
      const paused = await openedCase(business, holder, { dueAt: soon });
      expectStatus(await post(`/v1/cases/${paused}/pauses`, holder, { reason: 'awaiting-applicant' }), 201);
      const running = await openedCase(business, holder, { dueAt: soon });
      expect(Date.now(), 'this machine is too slow to pause a case before it is due').toBeLessThan(Date.parse(soon));
      const onTime = await openedCase(business, holder, { dueAt: '2036-01-01T00:00:00Z' });
      const undated = await openedCase(business, holder);
      const overdue = async () => idsOf(await get('/v1/cases?overdue=true', holder));
      await expect.poll(overdue, { timeout: 30_000 }).toEqual([late, latePaused, running].sort());
      expect(idsOf(await get('/v1/cases?overdue=false', holder))).toEqual([decided, paused, onTime, undated].sort());
    });

    it.each([
      'limit=0',
      'limit=201',
      'limit=1e2',
      'limit=',
      'overdue=yes',
      'holder=me',
      'status=gone',
      'cursor=!!',
      'colour=red',
      'limit=1&limit=2',
    ])('refuse ?%s', async (query) => {
      const answer = await get(`/v1/cases?${query}`, shanghai);
      expect(answer.status).toBe(400);
      expect(answer.body.errors.length).toBeGreaterThan(0);
    });
  });
});
