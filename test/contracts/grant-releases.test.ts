import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../support/digests.js';
import { activeGrant, createGrantWorld, type GrantWorld, tryUse } from '../support/grant-world.js';
import { writeSet } from '../support/write-set.js';

const RELEASE = 'grant:ReleaseUse';

let grants: GrantWorld;

beforeAll(async () => {
  grants = await createGrantWorld();
});

const now = () => new Date(grants.world.now).toISOString();

describe('releasing a use', () => {
  const release = (useId: unknown, changes: object = {}) => ({
    useId,
    responseDigest: sha256('keyed response'),
    recordCount: 1,
    releasedAt: '2026-11-02T02:00:00Z',
    ...changes,
  });

  async function permitted(): Promise<unknown> {
    return (await tryUse(grants, await activeGrant(grants))).record.useId;
  }

  it('writes the release under a key of its own and leaves the use as it is', async () => {
    const stated = release(await permitted());
    const { grantId } = grants.world.read(`use~${stated.useId}`) as { grantId: string };
    const recordedAt = now();
    const accepted = await grants.world.submit(grants.provider, RELEASE, stated);
    const { agencyId } = grants.provider;
    const record = { ...stated, grantId, provider: agencyId, transaction: accepted.transactionId, recordedAt };
    expect(writeSet(accepted, grants.provider, RELEASE)).toEqual({ [`release~${stated.useId}`]: record });
    expect(accepted.record).toEqual(record);
  });

  it('is refused a second time', async () => {
    const useId = await permitted();
    await grants.world.submit(grants.provider, RELEASE, release(useId));
    const again = await grants.world.refusal(grants.provider, RELEASE, release(useId, { recordCount: 2 }));
    expect([again.code, again.facts.state]).toEqual(['use.state', 'released']);
  });

  it('is refused for a denied use', async () => {
    const { record } = await tryUse(grants, await activeGrant(grants), { fields: ['place'] });
    const refusal = await grants.world.refusal(grants.provider, RELEASE, release(record.useId));
    expect([refusal.code, refusal.facts.state]).toEqual(['use.state', 'denied']);
  });

  it('is refused for a use that is not on the ledger', async () => {
    expect((await grants.world.refusal(grants.provider, RELEASE, release('31-use-none'))).code).toBe('use.not-found');
  });

  it('is refused to another provider and to the user', async () => {
    const useId = await permitted();
    expect((await grants.world.refusal(grants.otherProvider, RELEASE, release(useId))).code).toBe('auth.agency');
    expect((await grants.world.refusal(grants.user, RELEASE, release(useId))).code).toBe('auth.role');
  });

  it.each([
    ['a response in plain text', { responseDigest: 'married' }],
    ['a negative count', { recordCount: -1 }],
    ['no time', { releasedAt: 'yesterday' }],
  ])('is refused with %s', async (_what, changes) => {
    const refusal = await grants.world.refusal(grants.provider, RELEASE, release(await permitted(), changes));
    expect(refusal.code).toBe('request.invalid');
  });
});
