import { beforeAll, describe, expect, it } from 'vitest';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import type { Tx } from '../../chaincode/runtime/tx.js';
import { activeOfficer, type Duty, type OfficerRecord } from '../../chaincode/transactions/registry/officer.js';
import { CatalogueWorld, digest } from '../support/catalogue-world.js';
import { type Actor, type ContractWorld, freshAgencyId } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

const register = 'registry:RegisterOfficer';
const accept = 'registry:AcceptOfficer';
const deactivate = 'registry:DeactivateOfficer';

let world: ContractWorld;
let own: Actor;
let host: Actor;
let stranger: Actor;
let serial = 0;

function registrar(province: ProvinceCode): Actor {
  const found = world.registrars.get(province);
  if (!found) throw new Error('no registrar');
  return found;
}

async function centre(province: ProvinceCode, changes: object = {}): Promise<Actor> {
  const actor = await world.agency(province, ['auditor'], 'centre');
  await world.submit(registrar(province), 'registry:RegisterCentre', {
    centreId: actor.agencyId,
    name: { zh: '政务服务中心' },
    divisionCode: province,
    standard: { code: 'windows', version: 1 },
    validFrom: '2026-01-01T00:00:00Z',
    contractDigest: digest('2'),
    ...changes,
  });
  return actor;
}

beforeAll(async () => {
  const catalogue = await CatalogueWorld.create();
  world = catalogue.contracts;
  await catalogue.publish('service-standards', 'windows');
  own = await centre('310000');
  host = await centre('320000');
  stranger = await centre('330000');
});

const body = (changes: object = {}) => ({
  officerId: `officer-${++serial}`,
  centreId: own.agencyId,
  servesProvinces: ['310000', '320000'],
  duties: ['consult', 'receive'],
  validFrom: '2026-01-01T00:00:00Z',
  validTo: '2027-01-01T00:00:00Z',
  ...changes,
});

const hosted = () => body({ hostCentreId: host.agencyId });

describe('registering an officer', () => {
  it('makes it active at once without a host', async () => {
    const input = body();
    const accepted = await world.submit(own, register, input);
    const { recordedAt } = accepted.record;
    const expected = { ...input, province: '310000', status: 'active', registeredBy: own.agencyId, recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, own, register)).toEqual({ [`officer~${input.officerId}`]: expected });
  });

  it('makes it wait for its host', async () => {
    expect((await world.submit(own, register, hosted())).record.status).toBe('proposed');
  });

  it('is done by the centre or its province’s registrar, by no other agency', async () => {
    for (const actor of [host, stranger, registrar('320000')])
      expect((await world.refusal(actor, register, hosted())).code).toBe('auth.agency');
    expect((await world.submit(registrar('310000'), register, hosted())).record).toMatchObject({ centreId: own.agencyId });
  });

  it('refuses an id that stands, also from another centre', async () => {
    const input = body();
    await world.submit(own, register, input);
    expect((await world.refusal(own, register, input)).code).toBe('officer.exists');
    expect((await world.refusal(stranger, register, { ...input, centreId: stranger.agencyId })).code).toBe('officer.exists');
  });

  it('refuses a centre or a host that is no registered centre', async () => {
    const plain = await world.agency('320000', ['case-handler'], 'centre');
    for (const id of [plain.agencyId, freshAgencyId('310000')]) {
      expect((await world.refusal(own, register, body({ centreId: id }))).code).toBe('centre.not-found');
      expect((await world.refusal(own, register, body({ hostCentreId: id }))).code).toBe('centre.not-found');
    }
  });

  it('refuses a centre whose contract has ended', async () => {
    const ended = await centre('310000', { validTo: '2026-06-01T00:00:00Z' });
    const refusal = await world.refusal(ended, register, body({ centreId: ended.agencyId }));
    expect([refusal.code, refusal.facts.state]).toEqual(['centre.state', 'expired']);
  });

  it.each([
    ['a host that is the centre itself', () => ({ hostCentreId: own.agencyId })],
    ['a validity that ends when it begins', () => ({ validTo: '2026-01-01T00:00:00Z' })],
    ['a validity without an end', () => ({ validTo: undefined })],
    ['no duty', () => ({ duties: [] })],
    ['an unknown duty', () => ({ duties: ['decide'] })],
    ['a duty twice', () => ({ duties: ['consult', 'consult'] })],
    ['a province outside the four', () => ({ servesProvinces: ['350000'] })],
    ['no province', () => ({ servesProvinces: [] })],
    ['a name', () => ({ name: { zh: '王某' } })],
  ])('refuses %s', async (_what, changes) => {
    const input = JSON.parse(JSON.stringify(body(changes())));
    expect((await world.refusal(own, register, input)).code).toBe('request.invalid');
  });

  it.each(['王小明', 'a b', 'a~b', '', 'a'.repeat(129)])('refuses %j as an officer’s id', async (officerId) => {
    expect((await world.refusal(own, register, body({ officerId }))).code).toBe('request.id-invalid');
  });

  it('refuses an id that is a mobile or a citizen number', async () => {
    for (const officerId of ['13812345678', '11010519491231002X', 'o-13812345678'])
      expect((await world.refusal(own, register, body({ officerId }))).code).toBe('privacy.personal-data');
  });
});

describe('a host', () => {
  it('accepts an officer, which makes it active', async () => {
    const input = hosted();
    const before = (await world.submit(own, register, input)).record;
    const accepted = await world.submit(host, accept, { officerId: input.officerId });
    const { recordedAt } = accepted.record;
    const expected = { ...before, status: 'active', acceptedAt: recordedAt, recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, host, accept)).toEqual({ [`officer~${input.officerId}`]: expected });
  });

  it('accepts for itself: neither the centre nor a registrar can', async () => {
    const { officerId } = (await world.submit(own, register, hosted())).record;
    for (const actor of [own, stranger, registrar('310000'), registrar('320000')])
      expect((await world.refusal(actor, accept, { officerId })).code).toBe('auth.agency');
  });

  it('accepts once', async () => {
    const { officerId } = (await world.submit(own, register, hosted())).record;
    await world.submit(host, accept, { officerId });
    const refusal = await world.refusal(host, accept, { officerId });
    expect([refusal.code, refusal.facts.state]).toEqual(['officer.state', 'active']);
  });

  it('accepts no officer that has no host, is unknown or is inactive', async () => {
    const { officerId: unhosted } = (await world.submit(own, register, body())).record;
    expect((await world.refusal(host, accept, { officerId: unhosted })).code).toBe('auth.agency');
    expect((await world.refusal(host, accept, { officerId: 'nobody' })).code).toBe('officer.not-found');
    const { officerId } = (await world.submit(own, register, hosted())).record;
    await world.submit(own, deactivate, { officerId });
    expect((await world.refusal(host, accept, { officerId })).facts).toEqual({ state: 'inactive' });
  });
});

describe('deactivating an officer', () => {
  it.each([
    ['the centre', () => own],
    ['its province’s registrar', () => registrar('310000')],
    ['the host, which withdraws', () => host],
  ])('is for %s', async (_who, actorOf) => {
    const actor = actorOf();
    const { officerId } = (await world.submit(own, register, hosted())).record;
    const before = (await world.submit(host, accept, { officerId })).record;
    const accepted = await world.submit(actor, deactivate, { officerId });
    const { recordedAt } = accepted.record;
    const expected = { ...before, status: 'inactive', deactivatedBy: actor.agencyId, recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, actor, deactivate)).toEqual({ [`officer~${officerId}`]: expected });
  });

  it('is for nobody else, and for good', async () => {
    const { officerId } = (await world.submit(own, register, hosted())).record;
    for (const actor of [stranger, registrar('320000'), registrar('330000')])
      expect((await world.refusal(actor, deactivate, { officerId })).code).toBe('auth.agency');
    await world.submit(host, deactivate, { officerId });
    const refusal = await world.refusal(own, deactivate, { officerId });
    expect([refusal.code, refusal.facts.state]).toEqual(['officer.state', 'inactive']);
    expect((await world.refusal(own, deactivate, { officerId: 'nobody' })).code).toBe('officer.not-found');
  });
});

describe('an officer for a duty', () => {
  const txOver = (record: Partial<OfficerRecord> | undefined) => ({ state: { get: async () => record } }) as unknown as Tx;
  const officer: OfficerRecord = {
    officerId: 'o-1',
    centreId: '11310000000000001X',
    province: '310000',
    servesProvinces: ['310000'],
    duties: ['consult'],
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2027-01-01T00:00:00Z',
    status: 'active',
    registeredBy: '11310000000000001X',
    recordedAt: '2026-01-01T00:00:00.000Z',
  };
  const asked = (record: Partial<OfficerRecord> | undefined, at = '2026-06-01T00:00:00Z', duty: Duty = 'consult') =>
    activeOfficer(txOver(record), 'o-1', { duty, at });

  it('is found from the first instant of its validity until before the last', async () => {
    for (const at of ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z', '2026-12-31T23:59:59.999Z'])
      expect(await asked(officer, at)).toEqual(officer);
  });

  it.each([
    ['is unknown', undefined, '2026-06-01T00:00:00Z', 'consult'],
    ['waits for its host', { ...officer, status: 'proposed' }, '2026-06-01T00:00:00Z', 'consult'],
    ['was deactivated', { ...officer, status: 'inactive' }, '2026-06-01T00:00:00Z', 'consult'],
    ['has not started', officer, '2025-12-31T23:59:59.999Z', 'consult'],
    ['has expired', officer, '2027-01-01T00:00:00Z', 'consult'],
    ['lacks the duty', officer, '2026-06-01T00:00:00Z', 'receive'],
  ] as const)('is refused when it %s', async (_what, record, at, duty) => {
    await expect(asked(record, at, duty)).rejects.toMatchObject({ code: 'case.officer', facts: { id: 'o-1' } });
  });
});
