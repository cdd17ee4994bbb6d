import { beforeEach, describe, expect, it } from 'vitest';
import { PROVINCES, type ProvinceCode } from '../../chaincode/provinces.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

let world: ContractWorld;
beforeEach(async () => {
  world = await ContractWorld.create();
});

const APPROVE = 'registry:ApproveFeature';
const feature = 'case-reopening';
const registrar = (province: ProvinceCode) => world.registrars.get(province) as Actor;
const approve = (province: ProvinceCode) => world.submit(registrar(province), APPROVE, { feature });
const record = () => world.read('feature~approvals~case-reopening') as { status: string; approvals: { province: string }[] };

describe('a feature of new code', () => {
  it('is proposed with the first approval, which is written under its name', async () => {
    const accepted = await approve('320000');
    const { agencyId } = registrar('320000');
    const approval = { province: '320000', agency: agencyId, time: expect.any(String), transaction: accepted.transactionId };
    expect(writeSet(accepted, registrar('320000'), APPROVE)).toEqual({
      'feature~approvals~case-reopening': { feature, status: 'proposed', approvals: [approval], recordedAt: expect.any(String) },
    });
  });

  it('is active with the third, whichever provinces they are of', async () => {
    await approve('340000');
    await approve('310000');
    expect(record().status).toBe('proposed');
    await approve('330000');
    expect(record().status).toBe('active');
    expect(record().approvals.map(({ province }) => province)).toEqual(['340000', '310000', '330000']);
  });

  it('counts a province once, though another of its registrars asks', async () => {
    await approve('310000');
    expect(await world.refusal(registrar('310000'), APPROVE, { feature })).toMatchObject({
      code: 'feature.state',
      facts: { state: 'approved' },
    });
    const second = await world.agency('310000', ['registrar']);
    expect((await world.refusal(second, APPROVE, { feature })).facts).toEqual({ state: 'approved' });
    expect(record().approvals).toHaveLength(1);
  });

  it('is read by every transaction, so that code which asks for it reads what other code reads', async () => {
    const read = (simulation: { readonly reads: readonly { readonly key: string }[] }) => simulation.reads.map(({ key }) => key);
    const before = await approve('310000');
    expect(read(before.simulation)).toContain('feature~active');
    expect(writeSet(before, registrar('310000'), APPROVE)).not.toHaveProperty('feature~active');
    await approve('320000');
    const third = await approve('340000');
    expect(writeSet(third, registrar('340000'), APPROVE)['feature~active']).toEqual({ features: [feature] });
    const other = await world.submit(registrar('310000'), APPROVE, { feature: 'another' });
    expect(read(other.simulation)).toContain('feature~active');
    expect(world.read('feature~active')).toEqual({ features: [feature] });
  });

  it('takes no approval once it is active, and never goes back', async () => {
    for (const { code } of PROVINCES.slice(0, 3)) await approve(code);
    expect((await world.refusal(registrar('340000'), APPROVE, { feature })).facts).toEqual({ state: 'active' });
    expect(record().status).toBe('active');
  });

  it.each(['', 'a b', 'x~y', 'é', 'x'.repeat(65)])('has no name like %j', async (name) => {
    expect((await world.refusal(registrar('310000'), APPROVE, { feature: name })).code).toBe('request.invalid');
  });
});
