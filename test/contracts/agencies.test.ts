import { beforeAll, describe, expect, it } from 'vitest';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { generateKeyPair } from '../../network/identity/authority.js';
import { type Actor, ContractWorld, freshAgencyId } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

let world: ContractWorld;
beforeAll(async () => {
  world = await ContractWorld.create();
});

function registrar(province: ProvinceCode = '310000'): Actor {
  const found = world.registrars.get(province);
  if (!found) throw new Error('no registrar');
  return found;
}

const keyOf = (agencyId: string) => `agency~${agencyId}`;

describe('the founding registrar', () => {
  it('enters itself with the role of registrar alone', () => {
    const { agencyId, keyDigest } = registrar();
    expect(world.read(keyOf(agencyId))).toEqual({
      agencyId,
      name: { zh: '上海市数据局', en: 'Shanghai Data Administration' },
      divisionCode: '310000',
      province: '310000',
      kind: 'department',
      roles: ['registrar'],
      status: 'active',
      keyDigest,
      recordedAt: '2026-11-02T01:00:00.000Z',
    });
    expect(world.read('founder~310000')).toEqual({ agencyId });
  });

  it('is founded once in a province, whoever asks', async () => {
    const second = await world.identity('310000', ['registrar']);
    expect((await world.refusal(second, 'registry:FoundRegistrar', {})).code).toBe('agency.exists');
    expect((await world.refusal(registrar(), 'registry:FoundRegistrar', {})).code).toBe('agency.exists');
    const editor = await world.identity('310000', ['catalogue-editor']);
    expect((await world.refusal(editor, 'registry:FoundRegistrar', {})).code).toBe('auth.role');
  });
});

describe('registering an agency', () => {
  const body = (changes: object = {}) => ({
    agencyId: freshAgencyId('310000'),
    name: { zh: '徐汇区市场监督管理局', en: 'Xuhui Market Supervision' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['certificate-issuer', 'case-handler'],
    keyDigest: 'c'.repeat(64),
    ...changes,
  });

  it('answers and writes the same record', async () => {
    const input = body();
    const accepted = await world.submit(registrar(), 'registry:RegisterAgency', input);
    const expected = { ...input, province: '310000', status: 'active', recordedAt: accepted.record.recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, registrar(), 'registry:RegisterAgency')).toEqual({ [keyOf(input.agencyId)]: expected });
  });

  it('is refused a second time, by another province too', async () => {
    const input = body();
    await world.submit(registrar(), 'registry:RegisterAgency', input);
    expect((await world.refusal(registrar(), 'registry:RegisterAgency', input)).code).toBe('agency.exists');
    const elsewhere = { ...input, divisionCode: '320500' };
    expect((await world.refusal(registrar('320000'), 'registry:RegisterAgency', elsewhere)).code).toBe('agency.exists');
  });

  it.each([
    ['an auditor with another role', ['auditor', 'data-user']],
    ['a registrar with another role', ['registrar', 'catalogue-editor']],
    ['a registrar that audits', ['registrar', 'auditor']],
  ])('refuses %s', async (_what, roles) => {
    expect((await world.refusal(registrar(), 'registry:RegisterAgency', body({ roles }))).code).toBe('agency.roles');
  });

  it.each([
    ['no role', { roles: [] }],
    ['an unknown role', { roles: ['operator'] }],
    ['a role twice', { roles: ['data-user', 'data-user'] }],
    ['an unknown kind', { kind: 'ministry' }],
    ['an unknown field', { status: 'active' }],
    ['a name that is bare text', { name: '徐汇区' }],
    ['a direction mark in its name', { name: { zh: '徐汇\u202e区' } }],
    ['a division outside the four provinces', { divisionCode: '350000' }],
  ])('refuses %s as a breach of shape', async (_what, changes) => {
    expect((await world.refusal(registrar(), 'registry:RegisterAgency', body(changes))).code).toBe('request.invalid');
  });

  it('refuses a name that holds a mobile number', async () => {
    const refusal = await world.refusal(registrar(), 'registry:RegisterAgency', body({ name: { zh: '联系 13812345678' } }));
    expect(refusal.code).toBe('privacy.personal-data');
    expect(refusal.facts.fields?.map(({ path }) => path)).toEqual(['/name/zh']);
  });
});

describe('registering an agency with its certificate', () => {
  const REGISTER = 'registry:RegisterAgency';
  const body = ({ agencyId, certificate, keyDigest }: Actor, changes: object = {}) => ({
    agencyId,
    name: { zh: '徐汇区市场监督管理局' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['case-handler'],
    keyDigest,
    certificate,
    ...changes,
  });

  it('takes the one whose key is registered, and keeps only the key’s digest', async () => {
    const actor = await world.identity('310000', ['case-handler']);
    const { record } = await world.submit(registrar(), REGISTER, body(actor));
    expect(record).toMatchObject({ agencyId: actor.agencyId, keyDigest: actor.keyDigest });
    expect(record).not.toHaveProperty('certificate');
  });

  it('refuses anything but one certificate in PEM, to its last byte', async () => {
    const actor = await world.identity('310000', ['case-handler']);
    const lines = actor.certificate.trim().split('\n');
    const der = Buffer.concat([Buffer.from(lines.slice(1, -1).join(''), 'base64'), Buffer.from('11010519491231002X')]);
    const longer = [lines[0], der.toString('base64'), lines.at(-1)].join('\n');
    const texts = ['', '张三 11010519491231002X', longer, actor.certificate.repeat(2), `${actor.certificate}13800138000`];
    for (const certificate of texts) {
      const { code, facts } = await world.refusal(registrar(), REGISTER, body(actor, { certificate }));
      expect([code, facts.fields?.[0]?.path]).toEqual(['request.invalid', '/certificate']);
    }
  });

  it('refuses one of another key', async () => {
    const [actor, other] = [await world.identity('310000', []), await world.identity('310000', [])];
    const refusal = await world.refusal(registrar(), REGISTER, body(actor, { certificate: other.certificate }));
    expect([refusal.code, refusal.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/certificate']);
  });

  it('refuses one whose subject holds a citizen number', async () => {
    const keys = await generateKeyPair();
    const named = await world.identity('310000', [], '11010519491231002X', keys);
    const changes = { agencyId: freshAgencyId('310000') };
    expect((await world.refusal(registrar(), REGISTER, body(named, changes))).code).toBe('privacy.personal-data');
  });
});

describe('an agency’s roles', () => {
  it('are replaced as a whole, and hold from the next transaction', async () => {
    const actor = await world.agency('310000', ['case-handler', 'catalogue-editor']);
    const before = world.read(keyOf(actor.agencyId));
    const input = { agencyId: actor.agencyId, roles: ['case-handler'] };
    const accepted = await world.submit(registrar(), 'registry:SetAgencyRoles', input);
    const expected = { ...before, roles: ['case-handler'], recordedAt: accepted.record.recordedAt };
    expect(writeSet(accepted, registrar(), 'registry:SetAgencyRoles')).toEqual({ [keyOf(actor.agencyId)]: expected });
    expect(accepted.record).toEqual(expected);
    expect((await world.refusal(actor, 'catalogue:DraftServiceItem', {})).code).toBe('auth.role');
    expect((await world.refusal(actor, 'case:OpenCase', {})).code).toBe('request.invalid');
  });

  it('may be cut while the agency is inactive', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler', 'data-user']);
    await world.submit(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'merged' });
    const accepted = await world.submit(registrar(), 'registry:SetAgencyRoles', { agencyId, roles: ['data-user'] });
    expect(accepted.record).toMatchObject({ status: 'inactive', roles: ['data-user'] });
  });

  it('keep the rule of auditors and registrars', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler']);
    for (const roles of [
      ['auditor', 'case-handler'],
      ['registrar', 'case-handler'],
    ])
      expect((await world.refusal(registrar(), 'registry:SetAgencyRoles', { agencyId, roles })).code).toBe('agency.roles');
  });
});

describe('deactivation and reactivation', () => {
  it('change the status with its reason, and nothing else', async () => {
    const actor = await world.agency('310000', ['case-handler']);
    const { agencyId } = actor;
    const before = world.read(keyOf(agencyId));
    for (const [fn, status, reason] of [
      ['registry:DeactivateAgency', 'inactive', 'merged'],
      ['registry:ReactivateAgency', 'active', 'merger-undone'],
    ] as const) {
      const accepted = await world.submit(registrar(), fn, { agencyId, reason });
      const expected = { ...before, status, reason, recordedAt: accepted.record.recordedAt };
      expect(accepted.record).toEqual(expected);
      expect(writeSet(accepted, registrar(), fn)).toEqual({ [keyOf(agencyId)]: expected });
    }
    expect((await world.refusal(actor, 'case:OpenCase', {})).code).toBe('request.invalid');
  });

  it('refuse to repeat themselves and tell the state', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler']);
    const again = await world.refusal(registrar(), 'registry:ReactivateAgency', { agencyId, reason: 'r' });
    expect([again.code, again.facts.state]).toEqual(['agency.state', 'active']);
    await world.submit(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'r' });
    const twice = await world.refusal(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'r' });
    expect([twice.code, twice.facts.state]).toEqual(['agency.state', 'inactive']);
  });

  it('never run the recorded time backwards', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler']);
    const { recordedAt } = world.read(keyOf(agencyId)) as { recordedAt: string };
    world.now -= 120_000;
    const accepted = await world.submit(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'r' });
    world.now += 120_000;
    expect(accepted.record.recordedAt).toBe(recordedAt);
  });
});

describe.each([
  ['registry:SetAgencyRoles', { roles: ['case-handler'] }],
  ['registry:DeactivateAgency', { reason: 'merged' }],
  ['registry:ReactivateAgency', { reason: 'merged' }],
  ['registry:ReplaceAgencyKey', { reason: 'compromised', keyDigest: 'd'.repeat(64) }],
])('%s', (fn, body) => {
  it('refuses an agency that is not registered', async () => {
    const refusal = await world.refusal(registrar(), fn, { agencyId: freshAgencyId('310000'), ...body });
    expect(refusal.code).toBe('agency.not-found');
  });

  it('refuses an agency of another province', async () => {
    const { agencyId } = await world.agency('320000', ['case-handler']);
    expect((await world.refusal(registrar(), fn, { agencyId, ...body })).code).toBe('auth.province');
  });

  it('refuses a registrar that would change itself', async () => {
    const { agencyId } = registrar();
    expect((await world.refusal(registrar(), fn, { agencyId, ...body })).code).toBe('auth.agency');
  });

  it('refuses a wrong check character and free text', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler']);
    const wrong = agencyId.slice(0, 17) + (agencyId.endsWith('0') ? '1' : '0');
    expect((await world.refusal(registrar(), fn, { agencyId: wrong, ...body })).code).toBe('request.id-invalid');
    const text = 'roles' in body ? { roles: ['no such role'] } : { reason: 'in plain words' };
    expect((await world.refusal(registrar(), fn, { agencyId, ...text })).code).toBe('request.invalid');
  });
});
