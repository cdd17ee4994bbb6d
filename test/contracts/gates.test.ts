import { beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../chaincode/roles.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { generateKeyPair } from '../../network/identity/authority.js';
import { type Actor, ContractWorld, writtenKeys } from '../support/contract-world.js';
import { type FoundDefinition, findDefinitions } from '../support/definitions.js';

/** What stands before the rules of every transaction of every contract. */
describe('every transaction', () => {
  let world: ContractWorld;
  let defined: readonly FoundDefinition[];
  const actors = new Map<Role, Actor>();

  const registrar = () => {
    const found = world.registrars.get('310000');
    if (!found) throw new Error('no registrar');
    return found;
  };
  const functions = () => defined.map(({ definition }) => ({ definition, fn: `${definition.contract}:${definition.name}` }));

  beforeAll(async () => {
    world = await ContractWorld.create();
    defined = await findDefinitions();
    for (const role of ROLES) actors.set(role, await world.agency('310000', [role]));
  });

  it('asks for one of its roles before it looks at its input', async () => {
    for (const { definition, fn } of functions())
      for (const [role, actor] of actors) {
        const admitted = definition.roles === 'any' || definition.roles.includes(role);
        const { code } = await world.refusal(actor, fn, { surprise: true });
        expect({ fn, role, code }).toEqual({ fn, role, code: admitted ? 'request.invalid' : 'auth.role' });
      }
  });

  it('refuses an agency that the ledger does not know', async () => {
    const stranger = await world.identity('310000', ROLES);
    for (const { fn } of functions()) expect((await world.refusal(stranger, fn, {})).code).toBe('auth.invalid');
  });

  it('refuses an agency under another key than the registered one', async () => {
    const known = actors.get('case-handler') as Actor;
    const forged = await world.identity('310000', ROLES, known.agencyId);
    for (const { fn } of functions()) expect((await world.refusal(forged, fn, {})).code).toBe('auth.invalid');
  });

  it('refuses an agency whose certificate another province issued, for its own key', async () => {
    const keys = await generateKeyPair();
    const own = await world.identity('310000', ['case-handler'], undefined, keys);
    await world.submit(registrar(), 'registry:RegisterAgency', {
      agencyId: own.agencyId,
      name: { zh: '机构' },
      divisionCode: '310000',
      kind: 'department',
      roles: ['case-handler'],
      keyDigest: own.keyDigest,
    });
    const moved = await world.identity('320000', ROLES, own.agencyId, keys);
    expect(moved.keyDigest).toBe(own.keyDigest);
    expect((await world.refusal(own, 'case:OpenCase', {})).code).toBe('request.invalid');
    for (const { fn } of functions()) expect((await world.refusal(moved, fn, {})).code).toBe('auth.invalid');
  });

  it('refuses an agency that was deactivated', async () => {
    const actor = await world.agency('310000', ['case-handler']);
    await world.submit(registrar(), 'registry:DeactivateAgency', { agencyId: actor.agencyId, reason: 'merged' });
    for (const { fn } of functions()) expect((await world.refusal(actor, fn, {})).code).toBe('auth.invalid');
  });

  it('is applied once under one operation id, also with another input or function', async () => {
    const operation = 'operation-id-once-1';
    const instrument = (code: string) => ({
      code,
      title: { zh: '规定' },
      issuer: 'npc',
      effectiveFrom: '2026-01-01T00:00:00Z',
      digest: { alg: 'sha-256', value: 'a'.repeat(64) },
    });
    const first = await world.submit(registrar(), 'registry:RegisterInstrument', instrument('once-1'), operation);
    for (const code of ['once-1', 'once-2']) {
      const refusal = await world.refusal(registrar(), 'registry:RegisterInstrument', instrument(code), operation);
      expect([refusal.code, refusal.facts.transaction]).toEqual(['operation.applied', first.transactionId]);
    }
    const agencyId = (await world.agency('310000', ['case-handler'])).agencyId;
    const other = await world.refusal(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'merged' }, operation);
    expect(other.code).toBe('operation.applied');
  });

  it('leaves an operation id free for other agencies', async () => {
    const operation = 'operation-id-shared';
    for (const province of ['320000', '330000'] as const) {
      const other = world.registrars.get(province);
      if (!other) throw new Error('no registrar');
      const body = { code: `shared-${province}`, title: { zh: '规定' }, issuer: 'npc', effectiveFrom: '2026-01-01T00:00:00Z' };
      const input = { ...body, digest: { alg: 'sm3', value: 'b'.repeat(64) } };
      const accepted = await world.submit(other, 'registry:RegisterInstrument', input, operation);
      expect(writtenKeys(accepted)).toEqual([`instrument~shared-${province}`, `operation~${other.agencyId}~${operation}`]);
    }
  });

  it('takes no operation id of another form', async () => {
    for (const operation of ['', 'short', 'a'.repeat(65), 'operation~id~0001~', '操作操作操作操作操作操作操作操作']) {
      const { message, writes } = await world.simulate(
        registrar(),
        'registry:RegisterInstrument',
        encodeArgument({ operation, input: {} }),
      );
      expect(message).toContain('"code":"request.invalid"');
      expect(writes).toEqual([]);
    }
  });

  it('takes no operation id that holds a citizen or a mobile number', async () => {
    for (const operation of ['11010519491231002X', 'call-13800138000-now', 'call-138-0013-8000-now']) {
      const { message, writes } = await world.simulate(
        registrar(),
        'registry:RegisterInstrument',
        encodeArgument({ operation, input: {} }),
      );
      expect(message).toContain('"code":"privacy.personal-data"');
      expect(message).not.toContain(operation);
      expect(writes).toEqual([]);
    }
    const uuid = await world.refusal(registrar(), 'registry:RegisterInstrument', {}, '13800138-0001-4380-8138-001380001380');
    expect(uuid.code).toBe('request.invalid');
  });

  it('counts only roles that certificate and ledger both name', async () => {
    const narrow = await world.identity('310000', ['case-handler']);
    const wide = await world.identity('310000', ['case-handler', 'registrar']);
    for (const { actor, roles } of [
      { actor: narrow, roles: ['catalogue-editor'] },
      { actor: wide, roles: ['case-handler'] },
    ]) {
      const body = { name: { zh: '机构' }, divisionCode: '310000', kind: 'department', keyDigest: actor.keyDigest };
      await world.submit(registrar(), 'registry:RegisterAgency', { ...body, agencyId: actor.agencyId, roles });
    }
    expect((await world.refusal(narrow, 'catalogue:DraftServiceItem', {})).code).toBe('auth.role');
    expect((await world.refusal(narrow, 'case:OpenCase', {})).code).toBe('auth.role');
    expect((await world.refusal(wide, 'registry:RegisterInstrument', {})).code).toBe('auth.role');
    expect((await world.refusal(wide, 'case:OpenCase', {})).code).toBe('request.invalid');
  });
});
