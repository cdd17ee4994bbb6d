import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import type { GrantRecord } from '../../chaincode/transactions/grant/grant.js';
import type { UseRecord } from '../../chaincode/transactions/grant/use.js';
import { hash } from '../support/digests.js';
import { activeGrant, CONDITIONAL, createGrantWorld, type GrantWorld, PURPOSE, use } from '../support/grant-world.js';

const DAY = 86_400_000;
const STEPS = ['SuspendGrant', 'ResumeGrant', 'RevokeGrant', 'EndGrant'] as const;

const attempt = fc.record({
  kind: fc.constant('use' as const),
  by: fc.constantFrom('user', 'user', 'user', 'stranger'),
  fields: fc.constantFrom(['status'], ['since', 'status'], ['place'], ['status', 'place']),
  purpose: fc.constantFrom(PURPOSE, PURPOSE, PURPOSE, { ...PURPOSE, code: 'other' }),
  subject: fc.constantFrom(undefined, hash('one'), hash('two')),
  count: fc.integer({ min: 1, max: 3 }),
});
const step = fc.record({ kind: fc.constant('step' as const), verb: fc.constantFrom(...STEPS) });
const pause = fc.record({ kind: fc.constant('pause' as const), days: fc.integer({ min: 1, max: 12 }) });
const dataSet = fc.record({ kind: fc.constant('data-set' as const), verb: fc.constantFrom('SuspendEntry', 'ResumeEntry') });
const histories = fc.array(
  fc.oneof(
    { weight: 7, arbitrary: attempt },
    { weight: 1, arbitrary: step },
    { weight: 1, arbitrary: pause },
    { weight: 1, arbitrary: dataSet },
  ),
  { minLength: 1, maxLength: 25 },
);
type Attempt = typeof attempt extends fc.Arbitrary<infer A> ? A : never;
type Action = typeof histories extends fc.Arbitrary<(infer A)[]> ? A : never;

const ENTRY = { kind: 'data-sets', code: CONDITIONAL, version: 1 };

describe('rule 6: a use is permitted only inside its grant', () => {
  let grants: GrantWorld;

  beforeAll(async () => {
    grants = await createGrantWorld();
  });

  async function permittedOrRefused(actor: 'provider' | 'user', fn: string, input: object): Promise<void> {
    await grants.world.submit(grants[actor], fn, input).catch((error: Error) => expect(error.name).toBe('Refusal'));
  }

  /** A plain reading of the rule, from the records alone. */
  function inside(grant: GrantRecord, { by, fields, purpose, subject, count }: Attempt, at: number, used: number): boolean {
    const entry = grants.world.read(`catalogue-version~data-sets~${CONDITIONAL}~00000001`);
    return (
      by === 'user' &&
      grant.status === 'active' &&
      entry?.status === 'published' &&
      at >= Date.parse(grant.validFrom) &&
      at <= Date.parse(grant.validTo) &&
      purpose.code === grant.purpose.code &&
      fields.every((field) => grant.fields.includes(field)) &&
      (grant.subject === undefined || grant.subject === subject) &&
      used + count <= (grant.maxUses ?? Number.POSITIVE_INFINITY)
    );
  }

  /** Tries a use; how many uses it took. Every attempt, permitted or denied, must be on record. */
  async function tried(grantId: string, action: Attempt, used: number): Promise<number> {
    const actor = action.by === 'user' ? grants.user : grants.stranger;
    const { fields, purpose, subject, count } = action;
    const body = use(actor, grantId, { fields, purpose, count, ...(subject && { subject }) });
    const grant = grants.world.read<GrantRecord>(`grant~${grantId}`) as GrantRecord;
    const expected = inside(grant, action, grants.world.now, used);
    await grants.world.submit(actor, 'grant:UseGrant', body);
    const record = grants.world.read<UseRecord>(`use~${body.useId}`);
    expect(record).toMatchObject({ grantId, agency: actor.agencyId, decision: expected ? 'permitted' : 'denied' });
    expect(record?.reason === undefined).toBe(expected);
    return expected ? count : 0;
  }

  /** Does one thing; how many uses it took. */
  async function performed(grantId: string, action: Action, used: number): Promise<number> {
    if (action.kind === 'use') return tried(grantId, action, used);
    if (action.kind === 'pause') grants.world.now += action.days * DAY;
    else if (action.kind === 'data-set') await permittedOrRefused('provider', `catalogue:${action.verb}`, ENTRY);
    else if (action.verb === 'EndGrant') await permittedOrRefused('user', 'grant:EndGrant', { grantId });
    else await permittedOrRefused('provider', `grant:${action.verb}`, { grantId, reason: 'r' });
    return 0;
  }

  async function ruleHolds(grantId: string, history: readonly Action[]): Promise<void> {
    const { maxUses } = grants.world.read<GrantRecord>(`grant~${grantId}`) as GrantRecord;
    let used = 0;
    for (const action of history) {
      used += await performed(grantId, action, used);
      const count = grants.world.read<{ used: number }>(`grant-count~${grantId}`);
      expect(count?.used ?? 0).toBe(maxUses === undefined ? 0 : used);
      expect(used).toBeLessThanOrEqual(maxUses ?? Number.POSITIVE_INFINITY);
    }
  }

  it('over random uses, steps, pauses and suspensions of the data set', async () => {
    const terms = fc.record({ maxUses: fc.integer({ min: 1, max: 8 }), subject: fc.constant(hash('one')) }, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(terms, histories, async (limits, history) => {
        await permittedOrRefused('provider', 'catalogue:ResumeEntry', ENTRY);
        const [validFrom, validTo] = [2 * DAY, 30 * DAY].map((after) => new Date(grants.world.now + after).toISOString());
        const grantId = await activeGrant(grants, { ...limits, validFrom, validTo });
        grants.world.now += 3 * DAY;
        await ruleHolds(grantId, history);
      }),
      { numRuns: 60 },
    );
  });

  it('also when two uses race for the last one: both read the count, so the second is a stale read', async () => {
    await permittedOrRefused('provider', 'catalogue:ResumeEntry', ENTRY);
    const validTo = new Date(grants.world.now + DAY).toISOString();
    const grantId = await activeGrant(grants, { validTo, maxUses: 1 });
    const race = ['a', 'b'].map((name) => {
      const argument = encodeArgument({ operation: `race-operation-${name}`, input: use(grants.user, grantId) });
      return grants.world.simulate(grants.user, 'grant:UseGrant', argument);
    });
    for (const simulation of await Promise.all(race)) {
      expect(simulation.status).toBe(200);
      expect(simulation.reads).toContainEqual({ key: `grant-count~${grantId}`, version: undefined });
      expect(simulation.writes.map((write) => write.key)).toContain(`grant-count~${grantId}`);
    }
  });

  it('also when a revocation races with a use: the use has read the grant that the revocation writes', async () => {
    const validTo = new Date(grants.world.now + DAY).toISOString();
    const grantId = await activeGrant(grants, { validTo });
    const argument = encodeArgument({ operation: 'race-with-revocation', input: use(grants.user, grantId) });
    const before = await grants.world.simulate(grants.user, 'grant:UseGrant', argument);
    await grants.world.submit(grants.provider, 'grant:RevokeGrant', { grantId, reason: 'misuse' });
    const read = before.reads.find((each) => each.key === `grant~${grantId}`);
    expect(read?.version).toBeDefined();
    expect(read?.version).not.toEqual(grants.world.state.get(`grant~${grantId}`)?.version);
  });
});
