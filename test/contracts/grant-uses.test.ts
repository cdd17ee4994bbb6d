import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../support/contract-world.js';
import { hash } from '../support/digests.js';
import { activeGrant, createGrantWorld, type GrantWorld, request, tryUse, UNCONDITIONAL, use } from '../support/grant-world.js';
import { writeSet } from '../support/write-set.js';

const USE = 'grant:UseGrant';

let grants: GrantWorld;

beforeAll(async () => {
  grants = await createGrantWorld();
});

const now = () => new Date(grants.world.now).toISOString();

describe('using a grant', () => {
  /** What is on record of a use of `use`. */
  const recorded = (body: ReturnType<typeof use>, actor: Actor, transaction: string, facts: object) => ({
    ...body,
    dataSet: 'marriage-registration',
    version: 1,
    provider: grants.provider.agencyId,
    agency: actor.agencyId,
    province: actor.province,
    count: 1,
    transaction,
    ...facts,
  });

  it('within it is permitted, and writes the use alone where uses are not limited', async () => {
    const grantId = await activeGrant(grants);
    const recordedAt = now();
    const body = use(grants.user, grantId, { subject: hash('subject'), caseId: '31-case-9' });
    const accepted = await grants.world.submit(grants.user, USE, body);
    const record = recorded(body, grants.user, accepted.transactionId, { decision: 'permitted', recordedAt });
    expect(writeSet(accepted, grants.user, USE)).toEqual({ [`use~${body.useId}`]: record });
    expect(accepted.record).toEqual(record);
  });

  it('outside it is denied on the ledger: a valid transaction that writes the use with its reason', async () => {
    const grantId = await activeGrant(grants, { maxUses: 2 });
    const recordedAt = now();
    const body = use(grants.user, grantId, { fields: ['status', 'place'] });
    const accepted = await grants.world.submit(grants.user, USE, body);
    const facts = { decision: 'denied', reason: 'grant.fields', recordedAt };
    const record = recorded(body, grants.user, accepted.transactionId, facts);
    expect(writeSet(accepted, grants.user, USE)).toEqual({ [`use~${body.useId}`]: record });
    expect(accepted.record).toEqual(record);
  });

  it('by another agency is denied and recorded as that agency’s attempt', async () => {
    const grantId = await activeGrant(grants);
    const body = use(grants.stranger, grantId);
    const { record } = await grants.world.submit(grants.stranger, USE, body);
    const { agencyId: agency, province } = grants.stranger;
    expect(record).toMatchObject({ decision: 'denied', reason: 'grant.not-grantee', agency, province });
  });

  const verb = (fn: string, actor: () => Actor, input: object) => (grantId: string) =>
    grants.world.submit(actor(), `grant:${fn}`, { grantId, ...input });
  const provider = () => grants.provider;
  const user = () => grants.user;

  it.each([
    ['grant.revoked', [verb('RevokeGrant', provider, { reason: 'misuse' })]],
    ['grant.suspended', [verb('SuspendGrant', provider, { reason: 'complaint' })]],
    ['grant.not-active', [verb('EndGrant', user, {})]],
  ])('is denied as %s after that step', async (reason, steps) => {
    const grantId = await activeGrant(grants);
    expect((await tryUse(grants, grantId)).record.decision).toBe('permitted');
    for (const step of steps) await step(grantId);
    expect((await tryUse(grants, grantId)).record).toMatchObject({ decision: 'denied', reason });
  });

  it('is permitted again once a suspension is lifted', async () => {
    const grantId = await activeGrant(grants);
    await verb('SuspendGrant', provider, { reason: 'complaint' })(grantId);
    await verb('ResumeGrant', provider, { reason: 'cleared' })(grantId);
    expect((await tryUse(grants, grantId)).record.decision).toBe('permitted');
  });

  it('is denied as grant.not-active before the provider has agreed', async () => {
    const body = request();
    await grants.world.submit(grants.user, 'grant:RequestGrant', body);
    expect((await tryUse(grants, body.grantId)).record).toMatchObject({ decision: 'denied', reason: 'grant.not-active' });
  });

  it.each([
    ['grant.not-started', { validFrom: '2026-11-20T00:00:00Z' }, {}],
    ['grant.expired', { validFrom: '2026-01-01T00:00:00Z', validTo: '2026-02-01T00:00:00Z' }, {}],
    ['grant.purpose', {}, { purpose: { itemCode: 'student-aid', code: 'statistics' } }],
    ['grant.fields', {}, { fields: ['place'] }],
    ['grant.fields', {}, { fields: ['no-such-field'] }],
    ['grant.subject', { subject: hash('one') }, { subject: hash('two') }],
    ['grant.subject', { subject: hash('one') }, {}],
  ])('is denied as %s for a grant with %j and a use with %j', async (reason, granted, tried) => {
    const grantId = await activeGrant(grants, granted);
    expect((await tryUse(grants, grantId, tried)).record).toMatchObject({ decision: 'denied', reason });
  });

  it('goes by the transaction’s time: permitted at the last instant, expired a millisecond later', async () => {
    const real = grants.world.now;
    const grantId = await activeGrant(grants, { dataSet: UNCONDITIONAL, validTo: '2026-11-05T00:00:00Z' });
    grants.world.now = Date.parse('2026-11-05T00:00:00Z');
    expect((await tryUse(grants, grantId)).record.decision).toBe('permitted');
    grants.world.now = Date.parse('2026-11-05T00:00:00.001Z');
    expect((await tryUse(grants, grantId)).record.reason).toBe('grant.expired');
    grants.world.now = real;
  });

  it('is never recorded before the grant’s last step, whatever the clocks say', async () => {
    const grantId = await activeGrant(grants);
    const approvedAt = grants.world.read(`grant~${grantId}`)?.recordedAt;
    const real = grants.world.now;
    grants.world.now -= 240_000;
    expect((await tryUse(grants, grantId)).record.recordedAt).toBe(approvedAt);
    grants.world.now = real;
  });

  describe('with a number of uses', () => {
    it('counts each permitted use in the same transaction, under a key of the grant’s own', async () => {
      const grantId = await activeGrant(grants, { maxUses: 2 });
      const body = use(grants.user, grantId);
      const accepted = await grants.world.submit(grants.user, USE, body);
      expect(writeSet(accepted, grants.user, USE)).toEqual({
        [`grant-count~${grantId}`]: { maxUses: 2, used: 1 },
        [`use~${body.useId}`]: accepted.record,
      });
      expect(accepted.record.remaining).toBe(1);
      expect((await tryUse(grants, grantId)).record.remaining).toBe(0);
    });

    it('denies the one too many as grant.exhausted and leaves the count alone', async () => {
      const grantId = await activeGrant(grants, { maxUses: 1 });
      await tryUse(grants, grantId);
      const denied = await tryUse(grants, grantId);
      expect(denied.record).toMatchObject({ decision: 'denied', reason: 'grant.exhausted' });
      expect(Object.keys(writeSet(denied, grants.user, USE))).toEqual([`use~${denied.record.useId}`]);
      expect(grants.world.read(`grant-count~${grantId}`)).toEqual({ maxUses: 1, used: 1 });
    });

    it('counts a use for several: all of them or none', async () => {
      const grantId = await activeGrant(grants, { maxUses: 5 });
      expect((await tryUse(grants, grantId, { count: 3 })).record).toMatchObject({ decision: 'permitted', remaining: 2 });
      expect((await tryUse(grants, grantId, { count: 3 })).record).toMatchObject({ reason: 'grant.exhausted', count: 3 });
      expect((await tryUse(grants, grantId, { count: 2 })).record).toMatchObject({ decision: 'permitted', remaining: 0 });
    });

    it('does not count a denied use', async () => {
      const grantId = await activeGrant(grants, { maxUses: 1 });
      await tryUse(grants, grantId, { fields: ['place'] });
      expect(grants.world.read(`grant-count~${grantId}`)).toBeUndefined();
      expect((await tryUse(grants, grantId)).record.decision).toBe('permitted');
    });
  });

  it('is refused under an id that is taken, by a permitted or a denied use', async () => {
    const grantId = await activeGrant(grants);
    for (const changes of [{}, { fields: ['place'] }]) {
      const { record } = await tryUse(grants, grantId, changes);
      const { useId } = record;
      const again = await grants.world.refusal(grants.user, USE, { ...use(grants.user, grantId), useId });
      expect([again.code, again.facts.id]).toEqual(['use.exists', useId]);
      expect(grants.world.read(`use~${useId}`)).toEqual(record);
    }
  });

  it('is refused for a grant that is not on the ledger, and under an id of another province', async () => {
    expect((await grants.world.refusal(grants.user, USE, use(grants.user, '31-no-grant'))).code).toBe('grant.not-found');
    const grantId = await activeGrant(grants);
    const foreign = { ...use(grants.user, grantId), useId: '32-use-0001' };
    expect((await grants.world.refusal(grants.user, USE, foreign)).code).toBe('request.id-invalid');
  });

  it('is refused to agencies that are no data users', async () => {
    const grantId = await activeGrant(grants);
    expect((await grants.world.refusal(grants.provider, USE, use(grants.provider, grantId))).code).toBe('auth.role');
    const auditor = await grants.world.agency('310000', ['auditor'], 'auditor');
    expect((await grants.world.refusal(auditor, USE, use(auditor, grantId))).code).toBe('auth.role');
  });

  it.each([
    ['a query in plain text', { queryDigest: '身份证号' }, '/queryDigest'],
    ['no field', { fields: [] }, '/fields'],
    ['a count of none', { count: 0 }, '/count'],
    ['a purpose that is a code alone', { purpose: 'check-hardship' }, '/purpose'],
  ])('is refused with %s', async (_what, changes, path) => {
    const grantId = await activeGrant(grants);
    const refusal = await grants.world.refusal(grants.user, USE, use(grants.user, grantId, changes));
    expect(refusal.code).toBe('request.invalid');
    expect(refusal.facts.fields?.map((field) => field.path)).toContain(path);
  });
});
