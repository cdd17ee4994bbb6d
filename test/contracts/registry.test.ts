import { beforeAll, describe, expect, it } from 'vitest';
import { ContractWorld, freshAgencyId, writtenKeys } from '../support/contract-world.js';

describe('registering an agency', () => {
  let world: ContractWorld;
  beforeAll(async () => {
    world = await ContractWorld.create();
  });

  const registrar = () => world.registrars.get('310000') as NonNullable<ReturnType<typeof world.registrars.get>>;
  const body = (agencyId: string) => ({
    agencyId,
    name: { zh: '徐汇区市场监督管理局' },
    divisionCode: '310104',
    kind: 'department',
    roles: ['certificate-issuer'],
    keyDigest: '0'.repeat(64),
  });

  it('writes the agency and the operation, and nothing else', async () => {
    const agencyId = freshAgencyId('310000');
    const operation = 'operation-id-0001';
    const accepted = await world.submit(registrar(), 'registry:RegisterAgency', body(agencyId), operation);
    expect(writtenKeys(accepted)).toEqual([`agency~${agencyId}`, `operation~${registrar().agencyId}~${operation}`]);
    expect(accepted.record).toMatchObject({ agencyId, province: '310000', status: 'active' });
  });

  it('refuses a division of another province', async () => {
    const refusal = await world.refusal(registrar(), 'registry:RegisterAgency', {
      ...body(freshAgencyId('310000')),
      divisionCode: '320500',
    });
    expect(refusal.code).toBe('auth.province');
  });

  it('refuses a wrong check character as an invalid id', async () => {
    const refusal = await world.refusal(registrar(), 'registry:RegisterAgency', body('111000000000133380'));
    expect(refusal.code).toBe('request.id-invalid');
    expect(refusal.facts.fields?.[0]?.path).toBe('/agencyId');
  });
});
