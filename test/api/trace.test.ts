import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  activeGrant,
  anyHandle,
  type Business,
  COMPONENT,
  certificateOf,
  createBusiness,
  DATA_SET,
  expectStatus,
  freshId,
  openedCase,
  openingOf,
  useOf,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { looksOf, makeSubject, playTraced, type Traced, told, use } from '../support/trace-world.js';

describe('a trace', () => {
  let business: Business;
  let traced: Traced;
  /** of the persons' home province */
  let auditor: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    auditor = await business.world.agency('310000', ['auditor'], 'auditor');
    traced = await playTraced(business);
  });
  afterAll(() => business.world.close());

  const ask = (query: string, who: ApiAgency | undefined = auditor) => business.world.get(`/v1/trace?${query}`, who);
  const looks = () => looksOf(business);

  describe('by', () => {
    it('grant tells its request, steps, uses and releases, the newest first, denied attempts with their reason', async () => {
      expect(told(await ask(`grant=${traced.first.grantId}`))).toEqual([
        'grant:ReleaseUse',
        'grant:UseGrant grant.not-grantee',
        'grant:UseGrant grant.purpose',
        'grant:UseGrant permitted',
        'grant:ApproveGrant',
        'grant:RequestGrant',
      ]);
    });

    it('grant tells of each use who, when, for what, on which fields, and the transaction', async () => {
      const { first, uses, stranger } = traced;
      const { items } = (await ask(`grant=${first.grantId}`)).body;
      const item = items.find(({ record }: { record: { id: string } }) => record.id === uses.strange);
      expect(item).toEqual({
        time: expect.stringMatching(/^2\d{3}-.*\.\d{3}Z$/),
        block: expect.any(Number),
        transaction: expect.stringMatching(/^[0-9a-f]{64}$/),
        agency: stranger.agencyId,
        province: '330000',
        action: 'grant:UseGrant',
        record: { type: 'use', id: uses.strange },
        subject: first.subject,
        grant: first.grantId,
        dataSet: DATA_SET,
        case: first.caseId,
        purpose: { itemCode: 'student-aid', code: 'check-hardship' },
        fields: ['status'],
        count: 1,
        decision: 'denied',
        reason: 'grant.not-grantee',
      });
      const transaction = await business.world.get(`/v1/transactions/${item.transaction}`, auditor);
      expect(transaction.body).toMatchObject({ status: 'valid', block: item.block, time: item.time });
    });

    it('data set tells uses under all its grants, and how it came to be shared', async () => {
      const lines = told(await ask(`dataSet=${DATA_SET}&limit=200`));
      for (const line of ['grant:UseGrant permitted', 'grant:UseGrant grant.not-grantee', 'grant:RequestGrant'])
        expect(lines).toContain(line);
      expect(lines.slice(-7)).toEqual([
        ...Array(4).fill('catalogue:CastVote'),
        'catalogue:RecordConsultationResult',
        'catalogue:OpenConsultation',
        'catalogue:DraftDataSet',
      ]);
    });

    it('agency tells what it did, in whatever role, and nothing that others did', async () => {
      const { stranger, first } = traced;
      const answer = await ask(`agency=${stranger.agencyId}`);
      expect(told(answer)).toEqual(['grant:UseGrant grant.not-grantee']);
      expect(answer.body.items[0]).toMatchObject({ grant: first.grantId, agency: stranger.agencyId });
      const own = (await ask(`agency=${traced.user.agencyId}&limit=200`)).body.items;
      expect(new Set(own.map(({ agency }: { agency: string }) => agency))).toEqual(new Set([traced.user.agencyId]));
      const registered = (await ask(`agency=${business.world.registrar('330000').agencyId}&limit=200`)).body.items;
      expect(registered).toContainEqual(
        expect.objectContaining({ action: 'registry:RegisterAgency', record: { type: 'agency', id: stranger.agencyId } }),
      );
    });

    it('certificate tells its issue, changes of status with their reason, and copies', async () => {
      const answer = await ask(`certificate=${traced.certificateId}`);
      expect(told(answer)).toEqual(['certificate:RecordCopy', 'certificate:SuspendCertificate', 'certificate:IssueCertificate']);
      const [copy, suspension, issue] = answer.body.items;
      expect(copy).toMatchObject({ record: { type: 'certificate-digest' }, purpose: { code: 'loan' } });
      expect(suspension).toMatchObject({ reason: 'under-review', case: traced.first.caseId });
      expect(issue).toMatchObject({ record: { type: 'certificate', id: traced.certificateId }, subject: traced.first.subject });
    });

    it('case tells its entries, the grants and uses that name it, and its certificates', async () => {
      expect(told(await ask(`case=${traced.first.caseId}`))).toEqual([
        'certificate:RecordCopy',
        'certificate:SuspendCertificate',
        'certificate:IssueCertificate',
        'grant:ReleaseUse',
        'grant:UseGrant grant.not-grantee',
        'grant:UseGrant grant.purpose',
        'grant:UseGrant permitted',
        'grant:ApproveGrant',
        'grant:RequestGrant',
        'case:OpenCase',
      ]);
    });

    it('case tells uses that name one which nobody opened', async () => {
      const caseId = freshId('310000', 'none');
      const useId = await use(business, traced.user, traced.first.grantId, { subject: traced.first.subject, caseId }, 403);
      expect((await ask(`case=${caseId}`)).body.items).toEqual([
        expect.objectContaining({ record: { type: 'use', id: useId }, decision: 'denied', reason: 'grant.purpose' }),
      ]);
      expect((await ask(`case=${freshId('310000', 'none')}`)).body).toEqual({ items: [] });
    });

    it('case tells a sub-case in both timelines, and the opener of it once', async () => {
      const opener = workerOf(business, '320000');
      const parentCaseId = await openedCase(business, opener, { mode: 'integrated' });
      const child = openingOf(freshId('320000', 'aaa'), { itemCode: COMPONENT, parentCaseId });
      expectStatus(await business.world.post('/v1/cases', opener, child), 201);
      const [parents, childs, openers] = await Promise.all(
        [`case=${parentCaseId}`, `case=${child.caseId}`, `agency=${opener.agencyId}`].map((query) => ask(query)),
      );
      expect(parents?.body.items.map(({ case: id }: { case: string }) => id)).toEqual([parentCaseId, parentCaseId]);
      expect(childs?.body.items).toEqual([expect.objectContaining({ case: child.caseId, subject: child.subject })]);
      expect(told(openers as never)).toEqual(['case:OpenCase', 'case:OpenCase']);
      expect(openers?.body.items[0].case).toBe(child.caseId);
    });

    it('certificate and subject find a leaf of a batch, which to its issuer is one thing done', async () => {
      const issuer = workerOf(business, '340000');
      const items = ['b-1', 'b-2'].map((serial) => certificateOf(issuer, serial));
      const batch = expectStatus(await business.world.post('/v1/certificates/batch', issuer, { items }), 201).body;
      for (const { certificateId, subject } of items)
        for (const query of [`certificate=${certificateId}`, `subject=${subject}`])
          expect((await ask(query)).body.items).toEqual([
            expect.objectContaining({ certificate: certificateId, subject, transaction: batch.transaction.id }),
          ]);
      expect((await ask(`agency=${issuer.agencyId}&limit=1`)).body.items).toEqual([
        expect.objectContaining({
          action: 'certificate:IssueBatch',
          count: 2,
          record: { type: 'certificate-batch', id: batch.transaction.id },
        }),
      ]);
    });
  });

  describe('by subject', () => {
    it('covers all handles of the person that the home province’s vault links, whichever is asked by', async () => {
      const { first, second, uses } = traced;
      const answers = await Promise.all([first, second].map(({ subject }) => ask(`subject=${subject}`)));
      expect(answers[0]?.body.items.length).toBeGreaterThan(8);
      expect(answers[1]?.body).toEqual(answers[0]?.body);
      const useIds = answers[0]?.body.items
        .filter(({ record }: { record: { type: string } }) => record.type === 'use')
        .map(({ record }: { record: { id: string } }) => record.id);
      expect(useIds).toEqual(expect.arrayContaining([uses.other, uses.strange, uses.beyond, uses.good]));
      const times = answers[0]?.body.items.map(({ time }: { time: string }) => time);
      expect(times).toEqual(times.toSorted().reverse());
    });

    it('is for auditors of the home province alone', async () => {
      const before = await looks();
      const answer = await ask(`subject=${traced.first.subject}`, business.auditor);
      expect([answer.status, answer.body.code]).toEqual([403, 'auth.province']);
      expect(await looks()).toBe(before);
      const elsewhere = await makeSubject(business, traced.user, {
        type: 'citizen',
        number: '11010519491231002X',
        homeProvince: '340000',
      });
      expect((await ask(`subject=${elsewhere}`)).body.code).toBe('auth.province');
      expect((await ask(`subject=${elsewhere}`, business.auditor)).body).toEqual({ items: [] });
    });

    it('traces a handle that the vault does not know alone, for auditors of any province', async () => {
      const subject = anyHandle();
      const caseId = await openedCase(business, traced.user, { subject });
      for (const who of [auditor, business.auditor])
        expect((await ask(`subject=${subject}`, who)).body.items).toEqual([
          expect.objectContaining({ action: 'case:OpenCase', case: caseId }),
        ]);
      expect((await ask(`subject=${anyHandle()}`)).body).toEqual({ items: [] });
    });

    it('links an erased handle with nothing', async () => {
      const [kept, gone] = [await makeSubject(business, traced.user), await makeSubject(business, traced.user)];
      const caseId = await openedCase(business, traced.user, { subject: gone });
      const authorization = `Bearer ${traced.user.token}`;
      expectStatus(await business.world.send('DELETE', `/v1/subjects/${gone}`, { authorization }), 200);
      expect(told(await ask(`subject=${gone}`))).toEqual(['subject:EraseSubject', 'case:OpenCase']);
      const cases = (await ask(`subject=${kept}&limit=200`)).body.items.map((item: { case?: string }) => item.case);
      expect(cases).toContain(traced.first.caseId);
      expect(cases).not.toContain(caseId);
    });

    it('finds an attempt that names somebody else, under a grant or a case that is somebody’s', async () => {
      const { user, first, second } = traced;
      const [other, another] = [anyHandle(), anyHandle()];
      const denied = await use(business, user, first.grantId, { subject: other }, 403);
      const open = useOf(user, { caseId: second.caseId, subject: another });
      const grantId = await activeGrant(business, user);
      expectStatus(await business.world.post(`/v1/grants/${grantId}/uses`, user, open), 201);
      // The person's handles are traced together, and an attempt stands under each of those that it is about.
      const found = async (subject: string, useId: string) =>
        (await ask(`subject=${subject}&limit=10`)).body.items.filter(
          ({ record }: { record: { id: string } }) => record.id === useId,
        );
      for (const subject of [first.subject, other])
        expect(await found(subject, denied)).toEqual([expect.objectContaining({ grant: first.grantId, decision: 'denied' })]);
      for (const subject of [second.subject, another])
        expect(await found(subject, open.useId)).toEqual([expect.objectContaining({ grant: grantId, case: second.caseId })]);
      // By what they are otherwise about they stand once.
      for (const query of [`grant=${grantId}`, `case=${second.caseId}`, `agency=${user.agencyId}`]) {
        const { items } = (await ask(`${query}&limit=200`)).body;
        expect(items.filter(({ record }: { record: { id: string } }) => record.id === open.useId)).toHaveLength(1);
      }
    });

    it('finds an attempt that names nobody, under a grant or a case that is somebody’s', async () => {
      const { user, first, second } = traced;
      const underGrant = await use(business, user, first.grantId, {}, 403);
      const open = useOf(user, { caseId: second.caseId });
      expectStatus(await business.world.post(`/v1/grants/${await activeGrant(business, user)}/uses`, user, open), 201);
      const items = (await ask(`subject=${first.subject}&limit=2`)).body.items;
      expect(items.map(({ record }: { record: { id: string } }) => record.id)).toEqual([open.useId, underGrant]);
      expect(items.map(({ subject }: { subject: string }) => subject)).toEqual([second.subject, first.subject]);
    });
  });
});
