import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSubject } from '../../api/vault/find-subject.js';
import { creditCodeCheck } from '../../chaincode/identifiers/credit-code.js';
import {
  anyHandle,
  type Business,
  createBusiness,
  expectStatus,
  freshId,
  openedCase,
  openingOf,
  workerOf,
} from '../support/api-business.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

const CITIZEN = { type: 'citizen', number: '11010519491231002X' };
const COMPANY = { type: 'company', number: `91310000MA1FL0000${creditCodeCheck('91310000MA1FL0000')}` };

describe('subjects over HTTP', () => {
  let business: Business;
  let maker: ApiAgency;
  let neighbour: ApiAgency;
  let homeAuditor: ApiAgency;

  beforeAll(async () => {
    business = await createBusiness();
    maker = workerOf(business, '310000');
    neighbour = await business.world.agency('310000', ['case-handler']);
    homeAuditor = await business.world.agency('310000', ['auditor'], 'auditor');
  });
  afterAll(() => business.world.close());

  const post = (path: string, agency: ApiAgency | undefined, body?: unknown, headers = {}) =>
    business.world.post(path, agency, body, headers);
  const erase = (subject: string, agency: ApiAgency, headers: Record<string, string> = {}) =>
    business.world.send('DELETE', `/v1/subjects/${subject}`, { authorization: `Bearer ${agency.token}`, ...headers });
  const open = (subject: string, agency: ApiAgency) => post(`/v1/subjects/${subject}/opening`, agency, { reason: 'complaint' });
  const make = async (body: object = CITIZEN, agency = maker): Promise<string> =>
    expectStatus(await post('/v1/subjects', agency, body), 201).body.subject;

  it('gives a fresh handle each time, and nothing else', async () => {
    const first = await post('/v1/subjects', maker, CITIZEN);
    expect([first.status, first.body]).toEqual([201, { subject: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(await make()).not.toBe(first.body.subject);
    expect(await make(COMPANY)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes a handle that it made for a case', async () => {
    const subject = await make(COMPANY);
    const caseId = await openedCase(business, maker, { subject });
    expect((await business.world.get(`/v1/cases/${caseId}`, maker)).body.subject).toBe(subject);
  });

  it.each([
    ['a check character that does not hold', { ...CITIZEN, number: '110105194912310021' }, 'request.id-invalid'],
    ['a company’s number for a citizen', { ...CITIZEN, number: COMPANY.number }, 'request.id-invalid'],
    ['a type that is none', { ...CITIZEN, type: 'cat' }, 'request.invalid'],
    ['a number that is a number', { ...CITIZEN, number: 110105194912310020 }, 'request.invalid'],
    ['a name beside it', { ...CITIZEN, name: '李伟' }, 'request.invalid'],
    ['a province that is none', { ...CITIZEN, homeProvince: '110000' }, 'request.invalid'],
    ['no number', { type: 'citizen' }, 'request.invalid'],
  ])('refuses %s without repeating the number', async (_name, body, code) => {
    const answer = await post('/v1/subjects', maker, body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    for (const number of [CITIZEN.number, COMPANY.number, '110105194912310021', '110105194912310020', '李伟'])
      expect(answer.text).not.toContain(number);
  });

  it('answers a repeat under one idempotency key with the first handle, and another body with 422', async () => {
    const headers = { 'idempotency-key': 'subject-key-000001' };
    const first = await post('/v1/subjects', maker, CITIZEN, headers);
    const second = await post('/v1/subjects', maker, CITIZEN, headers);
    expect([second.status, second.text, second.headers['idempotent-replayed']]).toEqual([201, first.text, 'true']);
    const other = await post('/v1/subjects', maker, COMPANY, headers);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency.mismatch']);
    expect((await post('/v1/subjects', neighbour, COMPANY, headers)).status).toBe(201);
  });

  it('has one scope of keys with the writes to the ledger, whichever came first', async () => {
    const [first, second] = ['subject-then-case-1', 'case-then-subject-1'].map((key) => ({ 'idempotency-key': key }));
    const opening = { ...openingOf(freshId('310000', 'case')), subject: anyHandle() };
    expectStatus(await post('/v1/subjects', maker, CITIZEN, first), 201);
    expect(await post('/v1/cases', maker, opening, first)).toMatchObject({ status: 422, body: { code: 'idempotency.mismatch' } });
    expectStatus(await post('/v1/cases', maker, opening, second), 201);
    expect(await post('/v1/subjects', maker, CITIZEN, second)).toMatchObject({
      status: 422,
      body: { code: 'idempotency.mismatch' },
    });
    expectStatus(await post('/v1/subjects', neighbour, CITIZEN, first), 201);
  });

  it('opens a handle for its maker and for auditors of the home province, with what proves whose it is', async () => {
    const subject = await make();
    for (const opener of [maker, homeAuditor]) {
      const { status, body } = await open(subject, opener);
      expect([status, body]).toEqual([201, { subject, ...CITIZEN, salt: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
      const again = createHmac('sha256', Buffer.from(body.salt, 'hex')).update(`${body.type}${body.number}`).digest('hex');
      expect(again).toBe(subject);
    }
  });

  it('opens it for nobody else', async () => {
    const subject = await make();
    for (const other of [neighbour, workerOf(business, '320000'), business.auditor]) {
      const answer = await open(subject, other);
      expect([answer.status, answer.body.code]).toEqual([403, 'auth.agency']);
    }
    for (const other of [business.provider, business.world.registrar()])
      expect((await open(subject, other)).body.code).toBe('auth.role');
    expect((await open(anyHandle(), maker)).body.code).toBe('subject.not-found');
    expect((await post(`/v1/subjects/${subject}/opening`, undefined, { reason: 'x' })).body.code).toBe('auth.missing');
  });

  it('opens a handle of another home province for that province’s auditors only', async () => {
    const subject = await make({ ...CITIZEN, homeProvince: '340000' });
    expect((await open(subject, maker)).body.code).toBe('auth.agency');
    expect((await open(subject, homeAuditor)).body.code).toBe('auth.agency');
    expect((await open(subject, business.auditor)).status).toBe(201);
  });

  it('records an opening with its reason before it is shown, and shows nothing when it cannot', async () => {
    const subject = await make();
    const { store } = business.world.service.deps;
    expectStatus(await open(subject, maker), 201);
    const rows = await store.db.selectFrom('read_log').selectAll().where('thing', '=', subject).execute();
    expect(rows).toEqual([expect.objectContaining({ action: 'subject.opening', agency: maker.agencyId, reason: 'complaint' })]);
    await store.db.schema.alterTable('read_log').renameTo('read_log_away').execute();
    try {
      const answer = await open(subject, maker);
      expect([answer.status, answer.body.code]).toEqual([503, 'ledger.unavailable']);
      expect(answer.text).not.toContain(CITIZEN.number);
    } finally {
      await store.db.schema.alterTable('read_log_away').renameTo('read_log').execute();
    }
  });

  it('erases a handle for its maker alone, with an entry on the ledger', async () => {
    const subject = await make();
    for (const other of [neighbour, workerOf(business, '320000')])
      expect((await erase(subject, other)).body.code).toBe('auth.agency');
    expect((await erase(subject, homeAuditor)).body.code).toBe('auth.role');
    expect((await erase(anyHandle(), maker)).body.code).toBe('subject.not-found');
    expect((await open(subject, maker)).status).toBe(201);
    const erased = await erase(subject, maker);
    expect([erased.status, erased.body]).toEqual([
      200,
      { subject, transaction: expect.objectContaining({ id: expect.stringMatching(/^[0-9a-f]{64}$/) }) },
    ]);
    const opening = await open(subject, maker);
    expect([opening.status, opening.body.code, opening.body.state]).toEqual([409, 'subject.state', 'erased']);
    const again = await erase(subject, maker);
    expect([again.status, again.body.code]).toEqual([409, 'subject.state']);
    const row = await business.world.service.deps.store.db
      .selectFrom('vault_subject')
      .selectAll()
      .where('subject', '=', subject)
      .executeTakeFirstOrThrow();
    expect([row.state, row.sealed, row.person]).toEqual(['erased', null, null]);
  });

  it('answers a repeated erasure under one key with the first answer', async () => {
    const subject = await make();
    const headers = { 'idempotency-key': 'erasure-key-000001' };
    const first = await erase(subject, maker, headers);
    const second = await erase(subject, maker, headers);
    expect([second.status, second.text, second.headers['idempotent-replayed']]).toEqual([200, first.text, 'true']);
  });

  it('erases again what a backup brought back, at the next start', async () => {
    const subject = await make();
    const { store } = business.world.service.deps;
    const backup = await store.db.selectFrom('vault_subject').selectAll().where('subject', '=', subject).execute();
    expectStatus(await erase(subject, maker), 200);
    await store.db.deleteFrom('vault_subject').where('subject', '=', subject).execute();
    await store.db.insertInto('vault_subject').values(backup).execute();
    await business.world.restart();
    expect(await findSubject(business.world.service.deps.vault, subject)).toMatchObject({ state: 'erased' });
    expect((await open(subject, maker)).body.code).toBe('subject.state');
  });

  it('does not open what the ledger says is erased, even when the salt is still there', async () => {
    const subject = await make();
    const { store } = business.world.service.deps;
    const backup = await store.db.selectFrom('vault_subject').selectAll().where('subject', '=', subject).execute();
    expectStatus(await erase(subject, maker), 200);
    await store.db.deleteFrom('vault_subject').where('subject', '=', subject).execute();
    await store.db.insertInto('vault_subject').values(backup).execute();
    expect((await open(subject, maker)).body).toMatchObject({ code: 'subject.state', state: 'erased' });
  });

  it('leaves no number on the disk in clear, neither in the ledger nor in the store', async () => {
    await make();
    await make(COMPANY);
    const portal = await business.world.agency('310000', ['application'], 'portal');
    for (const person of [CITIZEN, COMPANY])
      for (const view of ['trace', 'cases']) expectStatus(await post(`/v1/subjects/${view}`, portal, person), 200);
    const files = business.world.folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile()),
    );
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const bytes = readFileSync(file);
      for (const { number } of [CITIZEN, COMPANY]) expect(bytes.includes(number), file).toBe(false);
    }
  });
});

describe('subjects in an API of one province', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await ApiWorld.create({ settings: { PROVINCE: '310000' } });
  });
  afterAll(() => world.close());

  it('are made for that province alone: another one’s people are in another vault', async () => {
    const maker = await world.agency('310000', ['case-handler']);
    expect((await world.post('/v1/subjects', maker, CITIZEN)).status).toBe(201);
    const answer = await world.post('/v1/subjects', maker, { ...CITIZEN, homeProvince: '320000' });
    expect([answer.status, answer.body.code]).toEqual([403, 'auth.province']);
  });
});
