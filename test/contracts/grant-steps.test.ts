import { beforeAll, describe, expect, it } from 'vitest';
import { STEPS_LIMIT } from '../../chaincode/transactions/grant/take-step.js';
import type { Actor } from '../support/contract-world.js';
import { sha256 } from '../support/digests.js';
import { activeGrant, createGrantWorld, type GrantWorld, request } from '../support/grant-world.js';
import { writeSet } from '../support/write-set.js';

const DAY = 86_400_000;

/** Every step, its input, what is recorded of it, who takes it and where it leads. */
const STEPS = {
  ApproveGrant: { by: 'provider', input: { conditions: ['no-copies'] }, step: 'approved', to: 'active' },
  RefuseGrant: {
    by: 'provider',
    input: { reason: 'not-necessary', legalBasis: '国务院令第809号' },
    step: 'refused',
    to: 'refused',
  },
  RequestSupplement: { by: 'provider', input: { reason: 'basis-missing' }, step: 'supplement-requested', to: 'supplement' },
  SubmitSupplement: { by: 'grantee', input: { digest: sha256('supplement') }, step: 'supplemented', to: 'requested' },
  SuspendGrant: { by: 'provider', input: { reason: 'complaint' }, step: 'suspended', to: 'suspended' },
  ResumeGrant: { by: 'provider', input: { reason: 'cleared' }, step: 'resumed', to: 'active' },
  RevokeGrant: { by: 'provider', input: { reason: 'misuse' }, step: 'revoked', to: 'revoked' },
  EndGrant: { by: 'grantee', input: {}, step: 'ended', to: 'ended' },
  DisposeGrant: { by: 'grantee', input: { method: 'wiped', digest: sha256('protocol') }, step: 'disposed', to: undefined },
} as const;
type Verb = keyof typeof STEPS;
const VERBS = Object.keys(STEPS) as Verb[];

describe('a grant after its request', () => {
  let grants: GrantWorld;

  beforeAll(async () => {
    grants = await createGrantWorld();
  });

  const actor = (verb: Verb): Actor => (STEPS[verb].by === 'provider' ? grants.provider : grants.user);
  const take = (verb: Verb, grantId: string) =>
    grants.world.submit(actor(verb), `grant:${verb}`, { grantId, ...STEPS[verb].input });
  const refused = (verb: Verb, grantId: string, by: Actor = actor(verb)) =>
    grants.world.refusal(by, `grant:${verb}`, { grantId, ...STEPS[verb].input });

  /** A fresh grant that has gone through some steps. */
  async function grantAfter(steps: readonly Verb[], changes: object = {}): Promise<string> {
    const body = request(changes);
    await grants.world.submit(grants.user, 'grant:RequestGrant', body);
    for (const verb of steps) await take(verb, body.grantId);
    return body.grantId;
  }

  /** Runs something at a time after the grant's end. */
  async function afterItsEnd(run: () => Promise<void>): Promise<void> {
    const real = grants.world.now;
    grants.world.now += 60 * DAY;
    await run();
    grants.world.now = real;
  }

  it.each<{ verb: Verb; path: Verb[] }>([
    { verb: 'ApproveGrant', path: [] },
    { verb: 'RefuseGrant', path: [] },
    { verb: 'RequestSupplement', path: [] },
    { verb: 'SubmitSupplement', path: ['RequestSupplement'] },
    { verb: 'SuspendGrant', path: ['ApproveGrant'] },
    { verb: 'ResumeGrant', path: ['ApproveGrant', 'SuspendGrant'] },
    { verb: 'RevokeGrant', path: ['ApproveGrant'] },
    { verb: 'EndGrant', path: ['ApproveGrant'] },
    { verb: 'DisposeGrant', path: ['ApproveGrant', 'EndGrant'] },
  ])('$verb writes the grant with the step, and nothing else', async ({ verb, path }) => {
    const grantId = await grantAfter(path);
    const before = grants.world.read(`grant~${grantId}`) as { status: string; steps: object[] };
    const recordedAt = new Date(grants.world.now).toISOString();
    const accepted = await take(verb, grantId);
    const { step, input, to } = STEPS[verb];
    const entry = { step, agency: actor(verb).agencyId, ...input, recordedAt, transaction: accepted.transactionId };
    const record = { ...before, status: to ?? before.status, steps: [...before.steps, entry], recordedAt };
    expect(writeSet(accepted, actor(verb), `grant:${verb}`)).toEqual({ [`grant~${grantId}`]: record });
    expect(accepted.record).toEqual(record);
  });

  describe('takes from each state only the steps that lead on from it', () => {
    const ANSWERS: Verb[] = ['ApproveGrant', 'RefuseGrant'];
    it.each<{ path: Verb[]; state: string; allowed: Verb[] }>([
      { path: [], state: 'requested', allowed: [...ANSWERS, 'RequestSupplement'] },
      { path: ['RequestSupplement'], state: 'supplement', allowed: ['RefuseGrant', 'SubmitSupplement'] },
      { path: ['RequestSupplement', 'SubmitSupplement'], state: 'requested', allowed: ANSWERS },
      { path: ['RefuseGrant'], state: 'refused', allowed: [] },
      { path: ['ApproveGrant'], state: 'active', allowed: ['SuspendGrant', 'RevokeGrant', 'EndGrant'] },
      { path: ['ApproveGrant', 'SuspendGrant'], state: 'suspended', allowed: ['ResumeGrant', 'RevokeGrant', 'EndGrant'] },
      { path: ['ApproveGrant', 'RevokeGrant'], state: 'revoked', allowed: ['DisposeGrant'] },
      { path: ['ApproveGrant', 'RevokeGrant', 'DisposeGrant'], state: 'revoked', allowed: [] },
      { path: ['ApproveGrant', 'EndGrant'], state: 'ended', allowed: ['DisposeGrant'] },
      { path: ['ApproveGrant', 'EndGrant', 'DisposeGrant'], state: 'ended', allowed: [] },
    ])('$path → $allowed', async ({ path, state, allowed }) => {
      for (const verb of VERBS) {
        const grantId = await grantAfter(path);
        if (allowed.includes(verb)) expect((await take(verb, grantId)).record.grantId).toBe(grantId);
        else {
          const refusal = await refused(verb, grantId);
          expect([verb, refusal.code, refusal.facts.state]).toEqual([verb, 'grant.state', state]);
        }
      }
    });
  });

  it.each<{ path: Verb[]; state: string }>([
    { path: ['ApproveGrant'], state: 'active' },
    { path: ['ApproveGrant', 'SuspendGrant'], state: 'suspended' },
  ])('once $state and past its end takes nothing but the disposal, once', async ({ path }) => {
    const grantId = await grantAfter(path);
    await afterItsEnd(async () => {
      for (const verb of VERBS.filter((each) => each !== 'DisposeGrant')) {
        const refusal = await refused(verb, grantId);
        expect([verb, refusal.code, refusal.facts.state]).toEqual([verb, 'grant.state', 'expired']);
      }
      await take('DisposeGrant', grantId);
      expect((await refused('DisposeGrant', grantId)).code).toBe('grant.state');
    });
  });

  it('that was never answered may still be answered after its end', async () => {
    const [approved, refusedOne] = [await grantAfter([]), await grantAfter([])];
    await afterItsEnd(async () => {
      expect((await take('ApproveGrant', approved)).record.status).toBe('active');
      expect((await take('RefuseGrant', refusedOne)).record.status).toBe('refused');
    });
  });

  it('keeps every step with its reason, in order', async () => {
    const grantId = await grantAfter([
      'RequestSupplement',
      'SubmitSupplement',
      'ApproveGrant',
      'SuspendGrant',
      'RevokeGrant',
      'DisposeGrant',
    ]);
    const { steps } = grants.world.read(`grant~${grantId}`) as { steps: { step: string }[] };
    expect(steps.map(({ step }) => step)).toEqual([
      'supplement-requested',
      'supplemented',
      'approved',
      'suspended',
      'revoked',
      'disposed',
    ]);
    expect(steps[3]).toMatchObject({ reason: 'complaint', agency: grants.provider.agencyId });
    expect(steps[5]).toMatchObject({ method: 'wiped', digest: sha256('protocol'), agency: grants.user.agencyId });
  });

  describe('by somebody else', () => {
    it.each(VERBS)('%s is refused to another agency of the same role and to the other side', async (verb) => {
      const grantId = await grantAfter([]);
      const provided = STEPS[verb].by === 'provider';
      const same = provided ? grants.otherProvider : grants.stranger;
      const otherSide = provided ? grants.user : grants.provider;
      expect((await refused(verb, grantId, same)).code).toBe('auth.agency');
      expect((await refused(verb, grantId, otherSide)).code).toBe('auth.role');
    });
  });

  it.each(VERBS)('%s is refused for a grant that is not on the ledger', async (verb) => {
    expect((await refused(verb, '31-no-grant')).code).toBe('grant.not-found');
  });

  it.each<[string, Verb, object, string]>([
    ['a refusal without its legal basis', 'RefuseGrant', { reason: 'no' }, 'request.invalid'],
    ['a reason in words', 'SuspendGrant', { reason: 'he complained' }, 'request.invalid'],
    ['conditions with a mobile number', 'ApproveGrant', { conditions: '请联系 13800138000' }, 'privacy.personal-data'],
    [
      'a listed condition that is a citizen number',
      'ApproveGrant',
      { conditions: ['11010519491231002X'] },
      'privacy.personal-data',
    ],
    ['conditions of 201 characters', 'ApproveGrant', { conditions: '数'.repeat(201) }, 'request.invalid'],
    ['a supplement that is no digest', 'SubmitSupplement', { digest: 'letter' }, 'request.invalid'],
    ['a disposal without its method', 'DisposeGrant', { digest: sha256('x') }, 'request.invalid'],
    ['an end with reasons', 'EndGrant', { reason: 'done' }, 'request.invalid'],
  ])('refuses %s', async (_what, verb, input, code) => {
    const grantId = await activeGrant(grants);
    expect((await grants.world.refusal(actor(verb), `grant:${verb}`, { grantId, ...input })).code).toBe(code);
  });

  it('takes conditions as codes, as one sentence, or none', async () => {
    for (const conditions of [['no-copies', 'in-person'], '仅限核验，不得留存', undefined]) {
      const grantId = await grantAfter([]);
      const input = conditions === undefined ? { grantId } : { grantId, conditions };
      const { record } = await grants.world.submit(grants.provider, 'grant:ApproveGrant', input);
      expect((record.steps as { conditions?: unknown }[])[0]?.conditions).toEqual(conditions);
    }
  });

  it('is not suspended without end, and can be ended all the same', async () => {
    const grantId = await activeGrant(grants);
    const steps = () => (grants.world.read<{ steps: unknown[] }>(`grant~${grantId}`)?.steps ?? []).length;
    while (steps() < STEPS_LIMIT - 1) for (const verb of ['SuspendGrant', 'ResumeGrant'] as const) await take(verb, grantId);
    await take('SuspendGrant', grantId);
    await take('ResumeGrant', grantId);
    expect(steps()).toBe(STEPS_LIMIT + 1);
    const { code, facts } = await refused('SuspendGrant', grantId);
    expect([code, facts.state]).toEqual(['grant.state', 'full']);
    await take('RevokeGrant', grantId);
    await take('DisposeGrant', grantId);
  });
});
