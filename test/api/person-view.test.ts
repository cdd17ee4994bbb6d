import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { creditCodeCheck } from '../../chaincode/identifiers/credit-code.js';
import {
  activeGrant,
  type Business,
  createBusiness,
  expectStatus,
  offerTo,
  openedCase,
  workerOf,
} from '../support/api-business.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';
import { makeSubject, PERSON, playTraced, type Traced, told, use } from '../support/trace-world.js';

const STRANGER = { type: 'company', number: `91310000MA1FL0001${creditCodeCheck('91310000MA1FL0001')}` };
const VIEWS = ['/v1/subjects/trace', '/v1/subjects/cases'] as const;

describe('a person’s own view', () => {
  let business: Business;
  let traced: Traced;
  let portal: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    portal = await business.world.agency('310000', ['application'], 'portal');
    traced = await playTraced(business);
  });
  afterAll(() => business.world.close());

  const ask = (path: string, person: object = PERSON, who: ApiAgency | undefined = portal) =>
    business.world.post(path, who, person);
  const logged = (after: number) =>
    business.world.service.deps.store.db
      .selectFrom('read_log')
      .selectAll()
      .where('number', '>', after)
      .orderBy('number')
      .execute();
  const lastLook = async () => (await logged(0)).length;

  it('tells who used the data, when, for what and under which grant, denied attempts too, over all handles', async () => {
    const answer = await ask('/v1/subjects/trace');
    expect([answer.status, told(answer)]).toEqual([
      200,
      [
        'grant:UseGrant permitted',
        'grant:UseGrant grant.not-grantee',
        'grant:UseGrant grant.purpose',
        'grant:UseGrant permitted',
      ],
    ]);
    const { stranger, user, first, second, uses } = traced;
    expect(answer.body.items[1]).toEqual({
      time: expect.any(String),
      block: expect.any(Number),
      transaction: expect.stringMatching(/^[0-9a-f]{64}$/),
      agency: stranger.agencyId,
      province: '330000',
      action: 'grant:UseGrant',
      record: { type: 'use', id: uses.strange },
      grant: first.grantId,
      dataSet: 'marriage-registration',
      case: first.caseId,
      purpose: { itemCode: 'student-aid', code: 'check-hardship' },
      fields: ['status'],
      count: 1,
      decision: 'denied',
      reason: 'grant.not-grantee',
    });
    expect(answer.body.items[0]).toMatchObject({ agency: user.agencyId, grant: second.grantId });
  });

  it('tells where the cases stand, the last one first', async () => {
    const { first, second, user } = traced;
    const receiver = workerOf(business, '320000');
    expectStatus(await business.world.post(`/v1/cases/${first.caseId}/handoffs`, user, offerTo(receiver)), 201);
    const { body } = expectStatus(await ask('/v1/subjects/cases'), 200);
    expect(body.items.map(({ caseId, status }: Record<string, string>) => [caseId, status])).toEqual([
      [second.caseId, 'open'],
      [first.caseId, 'offered'],
    ]);
    expect(body.items[1]).toMatchObject({
      holder: { province: '310000', agency: user.agencyId },
      offer: { to: receiver.agencyId },
    });
  });

  it('names no handle and no number, so that nothing in it links the person’s matters for others', async () => {
    for (const path of VIEWS) {
      const { text } = expectStatus(await ask(path), 200);
      for (const secret of [traced.first.subject, traced.second.subject, PERSON.number]) expect(text).not.toContain(secret);
    }
  });

  it('comes in pages, with the same body for each', async () => {
    for (const path of VIEWS) {
      const whole = (await ask(path)).body.items;
      const first = await ask(`${path}?limit=1`);
      expect(first.headers.link).toBe(`<${path}?limit=1&cursor=${first.body.nextCursor}>; rel="next"`);
      const rest = await ask(`${path}?limit=200&cursor=${first.body.nextCursor}`);
      expect([...first.body.items, ...rest.body.items]).toEqual(whole);
      expect(rest.body.nextCursor).toBeUndefined();
      expect((await ask(`${path === VIEWS[0] ? VIEWS[1] : VIEWS[0]}?cursor=${first.body.nextCursor}`)).status).toBe(400);
    }
  });

  it('of a person whom the vault does not know is an empty list, as of one with nothing to tell', async () => {
    const known = { type: 'company', number: `91310000MA1FL0002${creditCodeCheck('91310000MA1FL0002')}` };
    await makeSubject(business, traced.user, known);
    for (const path of VIEWS) {
      const [one, other] = [await ask(path, STRANGER), await ask(path, known)];
      expect([one.status, one.text]).toEqual([200, '{"items":[]}']);
      expect([other.status, other.text]).toEqual([200, one.text]);
      expect(Object.keys(other.headers).sort()).toEqual(Object.keys(one.headers).sort());
    }
  });

  it('is that of the portal’s own province: another one’s vault links other handles', async () => {
    const elsewhere = await business.world.agency('330000', ['application'], 'portal');
    for (const path of VIEWS) expect((await ask(path, PERSON, elsewhere)).body).toEqual({ items: [] });
    const user = workerOf(business, '330000');
    const subject = await makeSubject(business, user);
    await use(business, user, await activeGrant(business, user, { subject }), { subject });
    expect(told(await ask('/v1/subjects/trace', PERSON, elsewhere))).toEqual(['grant:UseGrant permitted']);
    expect((await ask('/v1/subjects/trace')).body.items).toHaveLength(4);
  });

  it('leaves out what was erased', async () => {
    const subject = await makeSubject(business, traced.user);
    const caseId = await openedCase(business, traced.user, { subject });
    const cases = async () => (await ask('/v1/subjects/cases')).body.items.map((item: { caseId: string }) => item.caseId);
    expect(await cases()).toContain(caseId);
    const authorization = `Bearer ${traced.user.token}`;
    expectStatus(await business.world.send('DELETE', `/v1/subjects/${subject}`, { authorization }), 200);
    expect(await cases()).not.toContain(caseId);
    expect(await cases()).toContain(traced.first.caseId);
  });

  it('is for portals alone', async () => {
    const application = await business.world.agency('310000', ['application'], 'application');
    const idle = await business.world.agency('310000', ['data-user'], 'portal');
    const auditor = await business.world.agency('310000', ['auditor'], 'auditor');
    const before = await lastLook();
    for (const path of VIEWS) {
      expect(await ask(path, PERSON, application)).toMatchObject({ status: 403, body: { code: 'auth.agency' } });
      for (const other of [idle, auditor, traced.user, business.world.registrar()])
        expect((await ask(path, PERSON, other)).body.code).toBe('auth.role');
      expect((await business.world.post(path, undefined, PERSON)).body.code).toBe('auth.missing');
    }
    expect(await lastLook()).toBe(before);
  });

  it.each([
    ['a check character that does not hold', { ...PERSON, number: '110105194912310021' }, 'request.id-invalid'],
    ['a type that is none', { ...PERSON, type: 'cat' }, 'request.invalid'],
    ['another province', { ...PERSON, homeProvince: '310000' }, 'request.invalid'],
    ['a handle', { subject: 'a'.repeat(64) }, 'request.invalid'],
    ['nothing', {}, 'request.invalid'],
  ])('refuses %s without repeating the number', async (_what, body, code) => {
    for (const path of VIEWS) {
      const answer = await ask(path, body);
      expect([answer.status, answer.body.code]).toEqual([400, code]);
      for (const number of [PERSON.number, '110105194912310021']) expect(answer.text).not.toContain(number);
    }
  });

  it('is recorded before it is shown, under one handle that leads to the person, and never the number', async () => {
    const before = await lastLook();
    for (const path of VIEWS) await ask(path);
    await ask('/v1/subjects/trace', STRANGER);
    expect(await logged(before)).toEqual([
      expect.objectContaining({ action: 'subject.trace', thing: traced.first.subject, agency: portal.agencyId }),
      expect.objectContaining({ action: 'subject.cases', thing: traced.first.subject }),
      expect.objectContaining({ action: 'subject.trace', thing: 'nobody' }),
    ]);
  });

  it('is not shown when it cannot be recorded', async () => {
    const { db } = business.world.service.deps.store;
    await db.schema.alterTable('read_log').renameTo('read_log_away').execute();
    try {
      for (const path of VIEWS) {
        const answer = await ask(path);
        expect([answer.status, answer.body.code, answer.body.items]).toEqual([503, 'ledger.unavailable', undefined]);
      }
    } finally {
      await db.schema.alterTable('read_log_away').renameTo('read_log').execute();
    }
  });
});

describe('an API of one province', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create({ settings: { PROVINCE: '310000' } });
  });
  afterAll(() => world.close());

  it('serves the portal of that province', async () => {
    const portal = await world.agency('310000', ['application'], 'portal');
    for (const path of VIEWS) expect((await world.post(path, portal, PERSON)).body).toEqual({ items: [] });
  });
});
