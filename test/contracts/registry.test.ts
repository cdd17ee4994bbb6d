import { beforeAll, describe, expect, it } from 'vitest';
import { parseRefusal } from '../../chaincode/errors.js';
import { PROVINCES } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { canonical } from '../support/case-world.js';
import { type Actor, ContractWorld, freshAgencyId, writtenKeys } from '../support/contract-world.js';

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

describe('founding a registrar', () => {
  const fn = 'registry:FoundRegistrar';
  const argument = encodeArgument({ operation: 'founding-operation-1', input: {} });
  let world: ContractWorld;
  beforeAll(async () => {
    world = await ContractWorld.create();
  });
  const founding = async (actor: Actor, before: readonly (readonly [key: string, value: object])[]) => {
    world.state.clear();
    for (const [key, value] of before)
      world.state.set(key, { value: Buffer.from(JSON.stringify(value), 'utf8'), version: { block: 0, position: 0 } });
    const { status, message, payload, writes } = await world.simulate(actor, fn, argument);
    const written = writes.map(({ key, value }) => [key, JSON.parse(Buffer.from(value ?? []).toString('utf8'))]);
    return { status, message, answer: Buffer.from(payload).toString('utf8'), written };
  };
  const refused = async (actor: Actor, before: readonly (readonly [key: string, value: object])[]) => {
    const { status, message, written } = await founding(actor, before);
    expect({ status, written }).toEqual({ status: 500, written: [] });
    return parseRefusal(message);
  };

  it.each(PROVINCES)('in $code writes the founder and the agency, and nothing else', async ({ code, name }) => {
    const actor = await world.identity(code, ['registrar']);
    const { status, answer, written } = await founding(actor, []);
    const record = {
      agencyId: actor.agencyId,
      name: { zh: `${name.zh}数据局`, en: `${name.en} Data Administration` },
      divisionCode: code,
      province: code,
      kind: 'department',
      roles: ['registrar'],
      status: 'active',
      keyDigest: actor.keyDigest,
      recordedAt: new Date(world.now).toISOString(),
    };
    expect(status).toBe(200);
    expect(written).toEqual([
      [`agency~${actor.agencyId}`, record],
      [`founder~${code}`, { agencyId: actor.agencyId }],
    ]);
    expect(answer).toBe(canonical(record));
  });

  it('is refused in a province that was founded, by whomever', async () => {
    const actor = await world.identity('310000', ['registrar']);
    const founded = [['founder~310000', { agencyId: freshAgencyId('310000') }]] as const;
    expect(await refused(actor, founded)).toMatchObject({ code: 'agency.exists', facts: { id: actor.agencyId } });
  });

  it('is refused for an agency that the ledger knows, though its province was not founded', async () => {
    const actor = await world.identity('310000', ['registrar']);
    const known = [[`agency~${actor.agencyId}`, { agencyId: actor.agencyId }]] as const;
    expect(await refused(actor, known)).toMatchObject({ code: 'agency.exists', facts: { id: actor.agencyId } });
  });

  it('is refused from any other role, and under what is no credit code', async () => {
    expect((await refused(await world.identity('310000', ['auditor']), []))?.code).toBe('auth.role');
    const nobody = await world.identity('310000', ['registrar'], '113100000000000000');
    expect((await refused(nobody, []))?.code).toBe('request.id-invalid');
  });
});
