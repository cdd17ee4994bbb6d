import { beforeAll, describe, expect, it } from 'vitest';
import type { ProvinceCode } from '../../chaincode/provinces.js';
import { CatalogueWorld, digest } from '../support/catalogue-world.js';
import { type Actor, type ContractWorld, freshAgencyId } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

let world: ContractWorld;
beforeAll(async () => {
  const catalogue = await CatalogueWorld.create();
  world = catalogue.contracts;
  await catalogue.publish('service-standards', 'windows');
  await catalogue.draft('service-standards', 'windows');
});

function registrar(province: ProvinceCode = '310000'): Actor {
  const found = world.registrars.get(province);
  if (!found) throw new Error('no registrar');
  return found;
}

describe('registering a legal instrument', () => {
  const fn = 'registry:RegisterInstrument';
  const body = (code: string, changes: object = {}) => ({
    code,
    title: { zh: '促进长三角政务服务“一网通办”规定' },
    issuer: '上海市人民代表大会常务委员会',
    effectiveFrom: '2026-01-01T00:00:00Z',
    digest: digest('1'),
    ...changes,
  });

  it('writes it under its code', async () => {
    const accepted = await world.submit(registrar(), fn, body('regulation-2026'));
    const { agencyId } = registrar();
    const expected = {
      ...body('regulation-2026'),
      province: '310000',
      registeredBy: agencyId,
      recordedAt: accepted.record.recordedAt,
    };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, registrar(), fn)).toEqual({ 'instrument~regulation-2026': expected });
  });

  it('is refused for a code that stands, also from another province', async () => {
    await world.submit(registrar(), fn, body('taken'));
    expect((await world.refusal(registrar(), fn, body('taken'))).code).toBe('instrument.exists');
    expect((await world.refusal(registrar('340000'), fn, body('taken'))).code).toBe('instrument.exists');
  });

  it.each([
    ['a day that does not exist', { effectiveFrom: '2026-02-30T00:00:00Z' }],
    ['a local time', { effectiveFrom: '2026-01-01T00:00:00+08:00' }],
    ['a code with a separator', { code: 'a~b' }],
    ['a digest in upper case', { digest: { alg: 'sha-256', value: 'A'.repeat(64) } }],
    ['a digest of another algorithm', { digest: { alg: 'md5', value: 'a'.repeat(64) } }],
  ])('refuses %s', async (_what, changes) => {
    expect((await world.refusal(registrar(), fn, body('wrong', changes))).code).toBe('request.invalid');
  });
});

const centreBody = (centreId: string, changes: object = {}) => ({
  centreId,
  name: { zh: '青浦区政务服务中心' },
  divisionCode: '310118',
  standard: { code: 'windows', version: 1 },
  validFrom: '2026-01-01T00:00:00Z',
  contractDigest: digest('2'),
  ...changes,
});

async function centre(province: ProvinceCode): Promise<Actor> {
  const actor = await world.agency(province, ['case-handler'], 'centre');
  const divisionCode = `${province.slice(0, 2)}0101`;
  await world.submit(registrar(province), 'registry:RegisterCentre', centreBody(actor.agencyId, { divisionCode }));
  return actor;
}

describe('registering a service centre', () => {
  const fn = 'registry:RegisterCentre';

  it('writes it under its agency', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler'], 'centre');
    const input = centreBody(agencyId, { pilot: true, validTo: '2029-01-01T00:00:00Z' });
    const accepted = await world.submit(registrar(), fn, input);
    const expected = { ...input, province: '310000', registeredBy: registrar().agencyId, recordedAt: accepted.record.recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, registrar(), fn)).toEqual({ [`centre~${agencyId}`]: expected });
  });

  it('refuses an agency that is not registered', async () => {
    expect((await world.refusal(registrar(), fn, centreBody(freshAgencyId('310000')))).code).toBe('agency.not-found');
  });

  it('refuses a centre of another province, by its agency and by its division', async () => {
    const foreign = await world.agency('320000', ['case-handler'], 'centre');
    expect((await world.refusal(registrar(), fn, centreBody(foreign.agencyId))).code).toBe('auth.province');
    const own = await world.agency('310000', ['case-handler'], 'centre');
    const refusal = await world.refusal(registrar(), fn, centreBody(own.agencyId, { divisionCode: '320500' }));
    expect(refusal.code).toBe('auth.province');
  });

  it('refuses an agency of another kind', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler'], 'department');
    expect((await world.refusal(registrar(), fn, centreBody(agencyId))).code).toBe('centre.kind');
  });

  it('refuses an inactive agency and tells its state', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler'], 'centre');
    await world.submit(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'closed' });
    const refusal = await world.refusal(registrar(), fn, centreBody(agencyId));
    expect([refusal.code, refusal.facts.state]).toEqual(['agency.state', 'inactive']);
  });

  it('is refused a second time', async () => {
    const { agencyId } = await centre('310000');
    expect((await world.refusal(registrar(), fn, centreBody(agencyId))).code).toBe('centre.exists');
  });

  it('asks for a published version of its service standard', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler'], 'centre');
    const under = (code: string, version: number) => centreBody(agencyId, { standard: { code, version } });
    expect((await world.refusal(registrar(), fn, under('windows', 2))).code).toBe('catalogue.not-published');
    expect((await world.refusal(registrar(), fn, under('windows', 3))).code).toBe('catalogue.not-found');
    expect((await world.refusal(registrar(), fn, under('unheard-of', 1))).code).toBe('catalogue.not-found');
  });

  it('asks that its validity ends after it begins', async () => {
    const { agencyId } = await world.agency('310000', ['case-handler'], 'centre');
    for (const validTo of ['2026-01-01T00:00:00Z', '2025-12-31T23:59:59.999Z']) {
      const refusal = await world.refusal(registrar(), fn, centreBody(agencyId, { validTo }));
      expect([refusal.code, refusal.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/validTo']);
    }
  });
});

describe('a centre’s partners', () => {
  const propose = 'registry:ProposePartner';
  const accept = 'registry:AcceptPartner';
  const withdraw = 'registry:WithdrawPartner';

  async function pair(): Promise<{ own: Actor; partner: Actor; path: { centreId: string; partner: string }; key: string }> {
    const own = await centre('310000');
    const partner = await world.agency('320000', ['auditor'], 'centre');
    const path = { centreId: own.agencyId, partner: partner.agencyId };
    return { own, partner, path, key: `partner~${own.agencyId}~${partner.agencyId}` };
  }

  it('are proposed, accepted and withdrawn, each step by its own side, whatever its roles', async () => {
    const { own, partner, path, key } = await pair();
    for (const [actor, fn, status] of [
      [own, propose, 'proposed'],
      [partner, accept, 'accepted'],
      [partner, withdraw, 'withdrawn'],
    ] as const) {
      const accepted = await world.submit(actor, fn, path);
      const expected = { ...path, status, proposedBy: own.agencyId, recordedAt: accepted.record.recordedAt };
      expect(accepted.record).toEqual(expected);
      expect(writeSet(accepted, actor, fn)).toEqual({ [key]: expected });
    }
  });

  it('may be proposed by the province’s registrar, and by nobody else', async () => {
    const { partner, path } = await pair();
    const stranger = await world.agency('310000', ['case-handler'], 'centre');
    for (const actor of [stranger, partner, registrar('320000')])
      expect((await world.refusal(actor, propose, path)).code).toBe('auth.agency');
    expect((await world.submit(registrar(), propose, path)).record).toMatchObject({ proposedBy: registrar().agencyId });
  });

  it('may be proposed anew after a withdrawal, but not over a standing proposal or partnership', async () => {
    const { own, partner, path } = await pair();
    await world.submit(own, propose, path);
    expect((await world.refusal(own, propose, path)).code).toBe('partner.exists');
    await world.submit(partner, accept, path);
    expect((await world.refusal(own, propose, path)).code).toBe('partner.exists');
    await world.submit(partner, withdraw, path);
    expect((await world.submit(own, propose, path)).record.status).toBe('proposed');
  });

  it('decline a proposal by withdrawing from it', async () => {
    const { own, partner, path } = await pair();
    await world.submit(own, propose, path);
    expect((await world.submit(partner, withdraw, path)).record.status).toBe('withdrawn');
    const refusal = await world.refusal(partner, accept, path);
    expect([refusal.code, refusal.facts.state]).toEqual(['partner.state', 'withdrawn']);
  });

  it('accept once and withdraw once', async () => {
    const { own, partner, path } = await pair();
    await world.submit(own, propose, path);
    await world.submit(partner, accept, path);
    expect((await world.refusal(partner, accept, path)).facts).toEqual({ state: 'accepted' });
    await world.submit(partner, withdraw, path);
    const refusal = await world.refusal(partner, withdraw, path);
    expect([refusal.code, refusal.facts.state]).toEqual(['partner.state', 'withdrawn']);
  });

  it.each([accept, withdraw])('%s belongs to the partner alone', async (fn) => {
    const { own, path } = await pair();
    await world.submit(own, propose, path);
    for (const actor of [own, registrar(), registrar('320000')])
      expect((await world.refusal(actor, fn, path)).code).toBe('auth.agency');
  });

  it.each([accept, withdraw])('%s asks for a proposal', async (fn) => {
    const { partner, path } = await pair();
    expect((await world.refusal(partner, fn, path)).code).toBe('partner.not-found');
  });

  it('are registered, active, and not the centre itself', async () => {
    const { own, partner, path } = await pair();
    const unknown = { ...path, partner: freshAgencyId('320000') };
    expect((await world.refusal(own, propose, unknown)).code).toBe('agency.not-found');
    expect((await world.refusal(own, propose, { ...path, partner: own.agencyId })).code).toBe('request.invalid');
    expect((await world.refusal(own, propose, { ...path, centreId: partner.agencyId, partner: own.agencyId })).code).toBe(
      'centre.not-found',
    );
    await world.submit(registrar('320000'), 'registry:DeactivateAgency', { agencyId: partner.agencyId, reason: 'closed' });
    expect((await world.refusal(own, propose, path)).code).toBe('agency.state');
  });
});
