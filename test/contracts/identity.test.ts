import { beforeAll, describe, expect, it } from 'vitest';
import { parseRefusal } from '../../chaincode/errors.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { type Actor, ContractWorld, freshAgencyId } from '../support/contract-world.js';

const OPERATION = 'operation-for-identity';

describe('who may write is decided by the certificate and the ledger together', () => {
  let world: ContractWorld;
  let registrar: Actor;
  beforeAll(async () => {
    world = await ContractWorld.create();
    registrar = world.registrars.get('310000') as Actor;
  });

  const registration = (agencyId = freshAgencyId('310000')) => ({
    agencyId,
    name: { zh: '测试机构' },
    divisionCode: '310000',
    kind: 'department',
    roles: ['case-handler'],
    keyDigest: 'a'.repeat(64),
  });
  const refusedAs = async (actor: Actor, input: object = registration()) =>
    (await world.refusal(actor, 'registry:RegisterAgency', input)).code;

  it('accepts an agency whose certificate and record agree', async () => {
    const accepted = await world.submit(registrar, 'registry:RegisterAgency', registration());
    expect(accepted.record.province).toBe('310000');
  });

  it('refuses a certificate that the ledger has no record for', async () => {
    expect(await refusedAs(await world.identity('310000', ['registrar']))).toBe('auth.invalid');
  });

  it('refuses another key under a known agency id, as its own authority could issue one', async () => {
    expect(await refusedAs(await world.identity('310000', ['registrar'], registrar.agencyId))).toBe('auth.invalid');
  });

  it('refuses a certificate for a known agency from another province', async () => {
    expect(await refusedAs(await world.identity('320000', ['registrar'], registrar.agencyId))).toBe('auth.invalid');
  });

  it('refuses a role that the authority put into a certificate and the ledger does not know', async () => {
    const handler = await world.agency('310000', ['case-handler']);
    const minted = world.withRoles(handler, ['case-handler', 'registrar']);
    expect(await refusedAs(await minted)).toBe('auth.role');
  });

  it('refuses a role that the ledger knows and the certificate does not carry', async () => {
    expect(await refusedAs(await world.withRoles(registrar, []))).toBe('auth.role');
  });

  it('refuses an MSP that is no member, and a certificate that names no agency', async () => {
    expect(await refusedAs({ ...registrar, mspId: 'HenanMSP' })).toBe('auth.invalid');
    expect(await refusedAs({ ...registrar, mspId: 'constructor' })).toBe('auth.invalid');
  });

  it('lets a province found its registrar once only', async () => {
    const second = await world.identity('310000', ['registrar']);
    expect((await world.refusal(second, 'registry:FoundRegistrar', {})).code).toBe('agency.exists');
  });

  it('lets nobody found a registrar without the role in the certificate', async () => {
    const nobody = await world.identity('310000', ['case-handler']);
    expect((await world.refusal(nobody, 'registry:FoundRegistrar', {})).code).toBe('auth.role');
  });
});

describe('an argument is canonical or refused', () => {
  let world: ContractWorld;
  let registrar: Actor;
  beforeAll(async () => {
    world = await ContractWorld.create();
    registrar = world.registrars.get('310000') as Actor;
  });

  const codeFor = async (argument: string) => {
    const simulation = await world.simulate(registrar, 'registry:RegisterAgency', argument);
    expect(simulation.status).toBe(500);
    expect(simulation.writes).toEqual([]);
    return parseRefusal(simulation.message)?.code;
  };

  it.each([
    ['white space', `{ "input":{},"operation":"${OPERATION}"}`],
    ['other key order', `{"operation":"${OPERATION}","input":{}}`],
    ['a duplicate key', `{"input":{},"input":{},"operation":"${OPERATION}"}`],
    ['an odd number', `{"input":{"a":1.0},"operation":"${OPERATION}"}`],
    ['an unknown field', `{"extra":1,"input":{},"operation":"${OPERATION}"}`],
    ['no operation', '{"input":{}}'],
    ['an operation that is too short', '{"input":{},"operation":"short"}'],
    ['no JSON', 'input'],
    ['null', 'null'],
    ['a prototype', `{"input":{"__proto__":{"a":1}},"operation":"${OPERATION}"}`],
  ])('refuses %s', async (_what, argument) => {
    expect(await codeFor(argument)).toBe('request.invalid');
  });

  it('refuses to apply an operation a second time and names the first transaction', async () => {
    const input = {
      agencyId: freshAgencyId('310000'),
      name: { zh: '测试机构' },
      divisionCode: '310000',
      kind: 'department',
      roles: ['case-handler'],
      keyDigest: 'b'.repeat(64),
    };
    const first = await world.submit(registrar, 'registry:RegisterAgency', input, OPERATION);
    const again = await world.refusal(registrar, 'registry:RegisterAgency', input, OPERATION);
    expect(again.code).toBe('operation.applied');
    expect(again.facts.transaction).toBe(first.transactionId);
  });

  it('keeps operations of different agencies apart', async () => {
    const other = world.registrars.get('320000') as Actor;
    const input = {
      agencyId: freshAgencyId('320000'),
      name: { zh: '测试机构' },
      divisionCode: '320000',
      kind: 'department',
      roles: ['case-handler'],
      keyDigest: 'c'.repeat(64),
    };
    const accepted = await world.submit(other, 'registry:RegisterAgency', input, OPERATION);
    expect(accepted.record.agencyId).toBe(input.agencyId);
    expect(encodeArgument({ operation: OPERATION, input: {} })).toBe(`{"input":{},"operation":"${OPERATION}"}`);
  });
});
