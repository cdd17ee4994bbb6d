import { beforeAll, describe, expect, it } from 'vitest';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

let world: ContractWorld;
beforeAll(async () => {
  world = await ContractWorld.create();
});

const registrar = () => world.registrars.get('310000') as Actor;
const keyOf = (agencyId: string) => `agency~${agencyId}`;

describe('an agency’s key', () => {
  const REPLACE = 'registry:ReplaceAgencyKey';
  const renewed = ({ province, roles, agencyId }: Actor) => world.identity(province, roles, agencyId);
  const written = async (actor: Actor) => (await world.refusal(actor, 'case:OpenCase', {})).code;

  it('is replaced with its reason, and nothing else is; from then on the new one writes and the old one does not', async () => {
    const actor = await world.agency('310000', ['case-handler']);
    const { agencyId } = actor;
    const next = await renewed(actor);
    expect([await written(actor), await written(next)]).toEqual(['request.invalid', 'auth.invalid']);
    const before = world.read(keyOf(agencyId));
    const { keyDigest } = next;
    const accepted = await world.submit(registrar(), REPLACE, { agencyId, reason: 'compromised', keyDigest });
    const expected = { ...before, keyDigest, reason: 'compromised', recordedAt: accepted.record.recordedAt };
    expect(accepted.record).toEqual(expected);
    expect(writeSet(accepted, registrar(), REPLACE)).toEqual({ [keyOf(agencyId)]: expected });
    expect([await written(actor), await written(next)]).toEqual(['auth.invalid', 'request.invalid']);
  });

  it('makes what the old one endorsed before stale', async () => {
    const actor = await world.agency('310000', ['catalogue-editor']);
    const body = {
      code: 'S-OLD',
      name: { zh: '标准' },
      digest: { alg: 'sha-256', value: 'a'.repeat(64) },
      duties: ['consult'],
      effectiveFrom: '2026-01-01T00:00:00Z',
    };
    const argument = encodeArgument({ operation: 'sent-before-the-key-went', input: body });
    const early = await world.simulate(actor, 'catalogue:DraftServiceStandard', argument);
    expect(early.status).toBe(200);
    const { agencyId } = actor;
    await world.submit(registrar(), REPLACE, { agencyId, reason: 'lost', keyDigest: (await renewed(actor)).keyDigest });
    const stale = early.reads.filter(({ key, version }) => world.state.get(key)?.version.block !== version?.block);
    expect(stale.map(({ key }) => key)).toEqual([keyOf(agencyId)]);
  });

  it('may come with its certificate, which is checked like the first', async () => {
    const actor = await world.agency('310000', ['case-handler']);
    const { agencyId } = actor;
    const [next, other] = [await renewed(actor), await renewed(actor)];
    const body = { agencyId, reason: 'lost', keyDigest: next.keyDigest };
    const wrong = await world.refusal(registrar(), REPLACE, { ...body, certificate: other.certificate });
    expect([wrong.code, wrong.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/certificate']);
    const { record } = await world.submit(registrar(), REPLACE, { ...body, certificate: next.certificate });
    expect(record).toMatchObject({ keyDigest: next.keyDigest });
    expect(record).not.toHaveProperty('certificate');
  });

  it('cannot be replaced by itself, and an inactive agency stays so', async () => {
    const actor = await world.agency('310000', ['case-handler']);
    const { agencyId, keyDigest } = actor;
    const same = await world.refusal(registrar(), REPLACE, { agencyId, reason: 'lost', keyDigest });
    expect(same.code).toBe('agency.key');
    await world.submit(registrar(), 'registry:DeactivateAgency', { agencyId, reason: 'merged' });
    const next = await renewed(actor);
    const { record } = await world.submit(registrar(), REPLACE, { agencyId, reason: 'lost', keyDigest: next.keyDigest });
    expect(record).toMatchObject({ status: 'inactive', keyDigest: next.keyDigest });
    expect(await written(next)).toBe('auth.invalid');
  });

  it('of a registrar is replaced by another of its province', async () => {
    const actor = await world.agency('310000', ['registrar']);
    const next = await renewed(actor);
    const body = { agencyId: actor.agencyId, reason: 'lost', keyDigest: next.keyDigest };
    expect((await world.refusal(actor, REPLACE, body)).code).toBe('auth.agency');
    await world.submit(registrar(), REPLACE, body);
    expect((await world.refusal(next, 'registry:RegisterAgency', {})).code).toBe('request.invalid');
  });
});
