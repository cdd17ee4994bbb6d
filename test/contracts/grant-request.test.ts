import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../support/contract-world.js';
import { hash } from '../support/digests.js';
import {
  BOUND,
  CONDITIONAL,
  createGrantWorld,
  dataSet,
  type GrantWorld,
  request,
  UNCONDITIONAL,
  WITHHELD,
} from '../support/grant-world.js';
import { draftEntry, publishEntry, serviceItem } from '../support/published-entry.js';
import { writeSet } from '../support/write-set.js';

const REQUEST = 'grant:RequestGrant';

describe('requesting a grant', () => {
  let grants: GrantWorld;
  const submit = (body: object) => grants.world.submit(grants.user, REQUEST, body);
  const refused = (body: object, actor: Actor = grants.user) => grants.world.refusal(actor, REQUEST, body);

  beforeAll(async () => {
    grants = await createGrantWorld();
  });

  it.each([
    ['waits for the provider where the data are shared conditionally', CONDITIONAL, 'conditional', 'requested'],
    ['is active at once where they are shared unconditionally', UNCONDITIONAL, 'unconditional', 'active'],
  ])('%s, and writes the grant alone', async (_what, code, shareClass, status) => {
    const body = request({ dataSet: code, subject: hash('subject'), maxUses: 3 });
    const recordedAt = new Date(grants.world.now).toISOString();
    const accepted = await submit(body);
    const record = {
      ...body,
      shareClass,
      provider: grants.provider.agencyId,
      grantee: grants.user.agencyId,
      granteeProvince: '310000',
      status,
      steps: [],
      requestedAt: recordedAt,
      recordedAt,
    };
    expect(writeSet(accepted, grants.user, REQUEST)).toEqual({ [`grant~${body.grantId}`]: record });
    expect(accepted.record).toEqual(record);
  });

  it('asks the provider of the province that it names', async () => {
    const { record } = await submit(request({ province: '340000' }));
    expect(record.provider).toBe(grants.otherProvider.agencyId);
  });

  it('is refused for a province without a provider', async () => {
    const refusal = await refused(request({ province: '330000' }));
    expect([refusal.code, refusal.facts.id]).toEqual(['grant.provider', '330000']);
  });

  it('is refused for data that are withheld', async () => {
    expect((await refused(request({ dataSet: WITHHELD }))).code).toBe('grant.withheld');
  });

  it('is refused for a field that the data set does not have, also beside good ones', async () => {
    expect((await refused(request({ fields: ['income'] }))).code).toBe('grant.fields');
    expect((await refused(request({ fields: ['status', 'income'] }))).code).toBe('grant.fields');
  });

  it('is refused for an item that the data set does not serve, when it names any', async () => {
    const other = { itemCode: 'company-move', code: 'check' };
    expect((await refused(request({ dataSet: BOUND, purpose: other }))).code).toBe('grant.item');
    expect((await submit(request({ dataSet: BOUND }))).record.status).toBe('requested');
    expect((await submit(request({ purpose: other }))).record.status).toBe('requested');
  });

  it('is refused for an id that is taken', async () => {
    const body = request();
    await submit(body);
    expect((await refused({ ...request(), grantId: body.grantId })).code).toBe('grant.exists');
    const neighbour = await grants.world.agency('310000', ['data-user']);
    expect((await refused({ ...request(), grantId: body.grantId }, neighbour)).code).toBe('grant.exists');
  });

  it('is refused for an id of another province', async () => {
    expect((await refused({ ...request(), grantId: '32-grant-1' })).code).toBe('request.id-invalid');
    expect((await refused(request(), grants.stranger)).code).toBe('request.id-invalid');
  });

  it('is refused to agencies that are no data users, the provider included', async () => {
    expect((await refused(request(), grants.provider)).code).toBe('auth.role');
    const handler = await grants.world.agency('310000', ['case-handler']);
    expect((await refused(request(), handler)).code).toBe('auth.role');
  });

  describe('under a version', () => {
    it('is refused where there is none', async () => {
      expect((await refused(request({ version: 9 }))).code).toBe('catalogue.not-found');
      expect((await refused(request({ dataSet: 'no-such-data' }))).code).toBe('catalogue.not-found');
    });

    it('is refused where it is a draft, suspended or superseded', async () => {
      const { world, editors, provider, otherProvider } = grants;
      const content = dataSet('residence', { jiangsu: provider, anhui: otherProvider });
      await draftEntry(world, editors, 'data-sets', content);
      const draft = await refused(request({ dataSet: 'residence' }));
      expect([draft.code, draft.facts.state]).toEqual(['catalogue.not-published', 'draft']);

      const version = await publishEntry(world, editors, 'data-sets', content);
      await submit(request({ dataSet: 'residence', version }));
      await publishEntry(world, editors, 'data-sets', content);
      const superseded = await refused(request({ dataSet: 'residence', version }));
      expect([superseded.code, superseded.facts.state]).toEqual(['catalogue.not-published', 'superseded']);

      await world.submit(provider, 'catalogue:SuspendEntry', { kind: 'data-sets', code: 'residence', version: version + 1 });
      const suspended = await refused(request({ dataSet: 'residence', version: version + 1 }));
      expect([suspended.code, suspended.facts.state]).toEqual(['catalogue.not-published', 'suspended']);
    });
  });

  describe('for a case', () => {
    it('names a case on the ledger, of whichever province', async () => {
      const { world, editors } = grants;
      const handler = await world.agency('330000', ['case-handler']);
      await publishEntry(world, editors, 'service-items', serviceItem('aid', { '330000': [handler.agencyId] }, {}));
      await world.submit(handler, 'case:OpenCase', {
        caseId: '33-case-1',
        itemCode: 'aid',
        itemVersion: 1,
        mode: 'standard',
        channel: 'online',
        subject: hash('subject'),
        materials: [],
      });
      expect((await submit(request({ caseId: '33-case-1' }))).record.caseId).toBe('33-case-1');
      expect((await refused(request({ caseId: '33-case-2' }))).code).toBe('case.not-found');
    });
  });

  it.each([
    ['an end before its beginning', { validTo: '2026-10-31T00:00:00Z' }, '/validTo'],
    ['no field', { fields: [] }, '/fields'],
    ['a field twice', { fields: ['status', 'status'] }, '/fields'],
    ['no use', { maxUses: 0 }, '/maxUses'],
    ['half a use', { maxUses: 1.5 }, '/maxUses'],
    ['a purpose in words', { purpose: { itemCode: 'student-aid', code: 'to look' } }, '/purpose/code'],
    ['a purpose without its item', { purpose: { code: 'check-hardship' } }, '/purpose'],
    ['a subject that is no handle', { subject: '11010519491231002X' }, '/subject'],
  ])('is refused with %s', async (_what, changes, path) => {
    const refusal = await refused(request(changes));
    expect(refusal.code).toBe('request.invalid');
    expect(refusal.facts.fields?.map((field) => field.path)).toContain(path);
  });
});
