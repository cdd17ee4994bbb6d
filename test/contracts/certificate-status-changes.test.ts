import { beforeAll, describe, expect, it } from 'vitest';
import { issue } from '../support/certificate-content.js';
import { type Actor, ContractWorld } from '../support/contract-world.js';
import { writeSet } from '../support/write-set.js';

const SUSPEND = 'certificate:SuspendCertificate';
const REINSTATE = 'certificate:ReinstateCertificate';
const REVOKE = 'certificate:RevokeCertificate';
const SUPERSEDE = 'certificate:SupersedeCertificate';

const reason = { reasonCode: 'inspection-failed', legalBasis: '《食品安全法》第一百三十条' };

describe('changing a certificate’s status', () => {
  let world: ContractWorld;
  let issuer: Actor;
  let other: Actor;
  let serial = 0;

  beforeAll(async () => {
    world = await ContractWorld.create();
    issuer = await world.agency('310000', ['certificate-issuer']);
    other = await world.agency('320000', ['certificate-issuer']);
  });

  const issued = (changes: object = {}) => issue(world, issuer, `s${++serial}`, changes);
  const change = (certificateId: string, fn: string, changes: object = {}) =>
    world.submit(issuer, fn, { certificateId, ...reason, ...changes });
  const refused = (certificateId: string, fn: string, changes: object = {}) =>
    world.refusal(issuer, fn, { certificateId, ...reason, ...changes });
  const now = () => new Date(world.now).toISOString();

  it.each([
    ['suspension', SUSPEND, 'suspended'],
    ['revocation', REVOKE, 'revoked'],
  ])('a %s writes the certificate with reason, legal basis and both times, and nothing else', async (_what, fn, kind) => {
    const certificateId = await issued();
    const before = world.read(`certificate~${certificateId}`);
    const recordedAt = now();
    const accepted = await change(certificateId, fn, { effectiveAt: '2026-06-01T00:00:00Z' });
    const entry = {
      change: kind,
      ...reason,
      effectiveAt: '2026-06-01T00:00:00Z',
      recordedAt,
      transaction: accepted.transactionId,
    };
    const record = { ...before, changes: [entry], recordedAt };
    expect(writeSet(accepted, issuer, fn)).toEqual({ [`certificate~${certificateId}`]: record });
    expect(accepted.record).toEqual({ ...record, status: kind });
  });

  it('a reinstatement keeps the suspension it ends', async () => {
    const certificateId = await issued();
    const suspended = await change(certificateId, SUSPEND);
    const recordedAt = now();
    const accepted = await change(certificateId, REINSTATE, { reasonCode: 'corrected' });
    const entry = { change: 'reinstated', ...reason, reasonCode: 'corrected', effectiveAt: recordedAt, recordedAt };
    expect(writeSet(accepted, issuer, REINSTATE)).toEqual({
      [`certificate~${certificateId}`]: {
        ...world.read(`certificate~${certificateId}`),
        changes: [...(suspended.record.changes as object[]), { ...entry, transaction: accepted.transactionId }],
        recordedAt,
      },
    });
    expect(accepted.record.status).toBe('valid');
  });

  it('takes effect when it is recorded unless another time is given', async () => {
    const certificateId = await issued();
    const recordedAt = now();
    const { record } = await change(certificateId, REVOKE);
    expect(record.changes).toMatchObject([{ effectiveAt: recordedAt, recordedAt }]);
  });

  describe('from one state to another', () => {
    it.each([
      { after: [], allowed: [SUSPEND, REVOKE, SUPERSEDE], state: 'valid' },
      { after: [SUSPEND], allowed: [REINSTATE, REVOKE, SUPERSEDE], state: 'suspended' },
      { after: [SUSPEND, REINSTATE], allowed: [SUSPEND, REVOKE, SUPERSEDE], state: 'valid' },
      { after: [SUPERSEDE], allowed: [REVOKE], state: 'superseded' },
      { after: [REVOKE], allowed: [], state: 'revoked' },
      { after: [SUSPEND, REVOKE], allowed: [], state: 'revoked' },
      { after: [SUPERSEDE, REVOKE], allowed: [], state: 'revoked' },
    ])('after $after only $allowed', async ({ after, allowed, state }) => {
      const by = await issued();
      const input = (certificateId: string, fn: string) =>
        fn === SUPERSEDE ? { certificateId, by } : { certificateId, ...reason };
      for (const fn of [SUSPEND, REINSTATE, REVOKE, SUPERSEDE]) {
        const certificateId = await issued();
        for (const step of after) await world.submit(issuer, step, input(certificateId, step));
        if ((allowed as string[]).includes(fn)) await world.submit(issuer, fn, input(certificateId, fn));
        else {
          const refusal = await world.refusal(issuer, fn, input(certificateId, fn));
          expect([fn, refusal.code, refusal.facts.state]).toEqual([fn, 'certificate.state', state]);
        }
      }
    });
  });

  describe('with an effective time', () => {
    it.each([SUSPEND, REVOKE])(
      '%s may reach back to validFrom and not before it, where the paper came before the record',
      async (fn) => {
        const certificateId = await issued({ validFrom: '2026-03-01T00:00:00Z' });
        const refusal = await refused(certificateId, fn, { effectiveAt: '2026-02-28T23:59:59.999Z' });
        expect([refusal.code, refusal.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/effectiveAt']);
        await change(certificateId, fn, { effectiveAt: '2026-03-01T00:00:00Z' });
      },
    );

    it.each([SUSPEND, REVOKE])('%s may come before a validFrom in the future, but not before the record', async (fn) => {
      const before = new Date(world.now - 1).toISOString();
      const certificateId = await issued({ validFrom: '2029-01-01T00:00:00Z' });
      expect((await refused(certificateId, fn, { effectiveAt: before })).code).toBe('request.invalid');
      await change(certificateId, fn);
    });

    it('refuses a revocation announced for the future, and takes one for this very instant', async () => {
      const certificateId = await issued();
      const effectiveAt = new Date(world.now + 1).toISOString();
      const refusal = await refused(certificateId, REVOKE, { effectiveAt });
      expect([refusal.code, refusal.facts.fields?.[0]?.path]).toEqual(['request.invalid', '/effectiveAt']);
      await change(certificateId, REVOKE, { effectiveAt: now() });
    });

    it('lets a suspension be announced, and answers with the status of today', async () => {
      const certificateId = await issued();
      const { record } = await change(certificateId, SUSPEND, { effectiveAt: '2027-01-01T00:00:00Z' });
      expect(record.status).toBe('valid');
    });

    it('keeps suspensions and reinstatements in the order of their effect', async () => {
      const certificateId = await issued();
      await change(certificateId, SUSPEND, { effectiveAt: '2026-05-01T00:00:00Z' });
      expect((await refused(certificateId, REINSTATE, { effectiveAt: '2026-04-30T00:00:00Z' })).code).toBe('request.invalid');
      await change(certificateId, REINSTATE, { effectiveAt: '2026-05-20T00:00:00Z' });
      expect((await refused(certificateId, SUSPEND, { effectiveAt: '2026-05-10T00:00:00Z' })).code).toBe('request.invalid');
      await change(certificateId, SUSPEND, { effectiveAt: '2026-05-20T00:00:00Z' });
    });

    it('ends an announced suspension at the instant it would begin, unless a later one is given', async () => {
      const certificateId = await issued();
      await change(certificateId, SUSPEND, { effectiveAt: '2027-01-01T00:00:00Z' });
      const { record } = await change(certificateId, REINSTATE);
      expect(record.changes).toMatchObject([{}, { change: 'reinstated', effectiveAt: '2027-01-01T00:00:00Z' }]);
    });

    it('lets a revocation reach back before a suspension', async () => {
      const certificateId = await issued();
      await change(certificateId, SUSPEND);
      const { record } = await change(certificateId, REVOKE, { effectiveAt: '2026-02-01T00:00:00Z' });
      expect(record.status).toBe('revoked');
    });
  });

  it('never records a change earlier than the one before, whatever the clocks say', async () => {
    const certificateId = await issued();
    const { record } = await change(certificateId, SUSPEND);
    const real = world.now;
    world.now -= 240_000;
    const back = await change(certificateId, REINSTATE);
    world.now = real;
    expect(back.record.recordedAt).toBe(record.recordedAt);
  });

  describe('by somebody else', () => {
    it.each([SUSPEND, REINSTATE, REVOKE])('%s is refused to another issuer and to other roles', async (fn) => {
      const certificateId = await issued();
      expect((await world.refusal(other, fn, { certificateId, ...reason })).code).toBe('auth.agency');
      const handler = await world.agency('310000', ['case-handler']);
      expect((await world.refusal(handler, fn, { certificateId, ...reason })).code).toBe('auth.role');
    });

    it('is refused as somebody else’s before its state is looked at', async () => {
      const certificateId = await issued();
      await change(certificateId, REVOKE);
      expect((await world.refusal(other, REVOKE, { certificateId, ...reason })).code).toBe('auth.agency');
    });
  });

  it.each([SUSPEND, REINSTATE, REVOKE])('%s is refused for a certificate that is not on the ledger', async (fn) => {
    expect((await refused(`${issuer.agencyId}-none`, fn)).code).toBe('certificate.not-found');
  });

  it.each([
    ['no reason', { reasonCode: undefined }, 'request.invalid'],
    ['no legal basis', { legalBasis: undefined }, 'request.invalid'],
    ['a reason in words', { reasonCode: 'because of him' }, 'request.invalid'],
    ['a mobile number in its legal basis', { legalBasis: '来电 13800138000' }, 'privacy.personal-data'],
    ['a legal basis of 201 characters', { legalBasis: '法'.repeat(201) }, 'request.invalid'],
  ])('refuses a revocation with %s', async (_what, changes, code) => {
    const certificateId = await issued();
    const input = Object.fromEntries(Object.entries({ certificateId, ...reason, ...changes }).filter(([, value]) => value));
    expect((await world.refusal(issuer, REVOKE, input)).code).toBe(code);
  });

  describe('by supersession', () => {
    it('names the successor, which another province may have issued', async () => {
      const certificateId = await issued();
      const by = await issue(world, other, `successor-${++serial}`);
      const before = world.read(`certificate~${certificateId}`);
      const recordedAt = now();
      const accepted = await world.submit(issuer, SUPERSEDE, { certificateId, by });
      const entry = { change: 'superseded', by, effectiveAt: recordedAt, recordedAt, transaction: accepted.transactionId };
      const record = { ...before, changes: [entry], recordedAt };
      expect(writeSet(accepted, issuer, SUPERSEDE)).toEqual({ [`certificate~${certificateId}`]: record });
      expect(accepted.record).toEqual({ ...record, status: 'superseded' });
    });

    it('is refused to the successor’s issuer: only its own issuer closes a certificate', async () => {
      const certificateId = await issued();
      const by = await issue(world, other, `successor-${++serial}`);
      expect((await world.refusal(other, SUPERSEDE, { certificateId, by })).code).toBe('auth.agency');
    });

    it('is refused for a successor that is not on the ledger or is the certificate itself', async () => {
      const certificateId = await issued();
      const missing = await world.refusal(issuer, SUPERSEDE, { certificateId, by: `${other.agencyId}-none` });
      expect([missing.code, missing.facts.id]).toEqual(['certificate.not-found', `${other.agencyId}-none`]);
      expect((await world.refusal(issuer, SUPERSEDE, { certificateId, by: certificateId })).code).toBe('request.invalid');
    });

    it('is refused for a successor that has itself ended, so that successors never go in circles', async () => {
      const [first, second, third] = [await issued(), await issued(), await issued()];
      await world.submit(issuer, SUPERSEDE, { certificateId: first, by: second });
      await world.submit(issuer, SUPERSEDE, { certificateId: second, by: third });
      const circle = await world.refusal(issuer, SUPERSEDE, { certificateId: third, by: first });
      expect([circle.code, circle.facts.state, circle.facts.id]).toEqual(['certificate.state', 'superseded', first]);
      const revoked = await issued();
      await change(revoked, REVOKE);
      const dead = await world.refusal(issuer, SUPERSEDE, { certificateId: third, by: revoked });
      expect([dead.code, dead.facts.state]).toEqual(['certificate.state', 'revoked']);
    });
  });
});
