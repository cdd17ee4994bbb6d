/** Rules 1 to 6: who holds a case, what stands behind a record, and what was permitted. */
import { describe, expect, it } from 'vitest';
import {
  activeGrant,
  certificateOf,
  freshId,
  grantRequest,
  ITEM,
  itemContent,
  offerTo,
  openedCase,
  openingOf,
  useOf,
  workerOf,
} from '../../support/api-business.js';
import { canonical } from '../../support/case-world.js';
import { hash, sha256 } from '../../support/digests.js';
import { get, post, type Scene, said, transactions, write } from './attempts.js';

const STEP = { name: 'checked', occurredAt: '2026-01-02T00:00:00Z', digest: sha256('step') };
const LEGAL = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };

function standard(code: string) {
  return { code, name: { zh: '窗口服务标准' }, digest: sha256(code), duties: ['assist'], effectiveFrom: '2026-01-01T00:00:00Z' };
}

export function rulesOfRecords(scene: Scene): void {
  const worker = (province: Parameters<typeof workerOf>[1]) => workerOf(scene(), province);

  describe('rule 1: a case has one holder, whom only an accepted hand-off changes, once', () => {
    it('however many accept at once, and whoever else tries', async () => {
      const [from, to, other] = [worker('310000'), worker('320000'), worker('340000')];
      const caseId = await openedCase(scene(), from);
      const holder = async () => (await get(scene, `/v1/cases/${caseId}`, from)).body.holder.agency;
      expect(said(await post(scene, `/v1/cases/${caseId}/handoffs`, to, offerTo(to)))).toEqual([403, 'auth.agency']);
      await write(scene, `/v1/cases/${caseId}/handoffs`, from, offerTo(to));
      const acceptance = `/v1/cases/${caseId}/handoffs/1/acceptance`;
      for (const agency of [from, other]) expect(said(await post(scene, acceptance, agency))).toEqual([403, 'auth.agency']);
      expect(await holder()).toBe(from.agencyId);
      const answers = await Promise.all(Array.from({ length: 5 }, () => post(scene, acceptance, to)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
      expect(await holder()).toBe(to.agencyId);
      expect(said(await post(scene, `/v1/cases/${caseId}/milestones`, from, STEP))).toEqual([409, 'case.not-holder']);
    });
  });

  describe('rule 2: a case’s entries are numbered and chained by hash', () => {
    it('also when they come at once, and none can be numbered by its writer', async () => {
      const holder = worker('310000');
      const caseId = await openedCase(scene(), holder);
      const path = `/v1/cases/${caseId}/milestones`;
      for (const surplus of [{ number: 9 }, { previousHash: 'a'.repeat(64) }])
        expect(said(await post(scene, path, holder, { ...STEP, ...surplus }))).toEqual([400, 'request.invalid']);
      const sent = Array.from({ length: 4 }, (_, step) => post(scene, path, holder, { ...STEP, name: `step-${step}` }));
      const added = (await Promise.all(sent)).filter(({ status }) => status === 201).length;
      expect(added).toBeGreaterThan(0);
      const { items } = (await get(scene, `/v1/cases/${caseId}/timeline`, holder)).body;
      const { entries, head } = (await get(scene, `/v1/cases/${caseId}`, holder)).body;
      expect(items.map(({ number }: { number: number }) => number)).toEqual(Array.from({ length: 1 + added }, (_, at) => at + 1));
      let previous = '0'.repeat(64);
      for (const { hash: stated, ...entry } of items) {
        expect([entry.previousHash, stated]).toEqual([previous, hash(canonical(entry))]);
        previous = stated;
      }
      expect([entries, head]).toEqual([1 + added, previous]);
    });
  });

  describe('rule 3: only a published catalogue version counts', () => {
    it('for a case and for a grant, whichever other is named', async () => {
      const agency = worker('310000');
      const { editors, department } = scene();
      const draft = itemContent(freshId('310000', 'item'), { '330000': [department.agencyId] });
      await write(scene, '/v1/catalogue/service-items', editors.get('310000') ?? agency, draft);
      const before = await transactions(scene);
      const unpublished = openingOf(freshId('310000', 'case'), { itemCode: draft.code });
      expect(said(await post(scene, '/v1/cases', agency, unpublished))).toEqual([422, 'catalogue.not-published']);
      const absent = openingOf(freshId('310000', 'case'), { itemVersion: 2 });
      expect(said(await post(scene, '/v1/cases', agency, absent))).toEqual([404, 'catalogue.not-found']);
      for (const changes of [{ version: 2 }, { dataSet: ITEM }])
        expect(said(await post(scene, '/v1/grants', agency, grantRequest(agency, changes)))).toEqual([
          404,
          'catalogue.not-found',
        ]);
      expect(await transactions(scene)).toBe(before);
    });
  });

  describe('rule 4: published by four approvals of that very content', () => {
    it('not by three, not by one twice, not of another content', async () => {
      const editors = [...scene().editors.values()];
      const [first, second, third, fourth] = editors as [(typeof editors)[0], ...typeof editors];
      const content = standard(freshId('310000', 'standard'));
      const { record } = await write(scene, '/v1/catalogue/service-standards', first, content);
      const path = `/v1/catalogue/service-standards/${content.code}/versions/1`;
      const approval = { vote: 'approve', contentDigest: record.contentDigest };
      const status = async () => (await get(scene, path)).body.status;
      for (const editor of [first, second, third].filter((one) => one !== undefined))
        await write(scene, `${path}/votes`, editor, approval);
      expect(said(await post(scene, `${path}/votes`, first, approval))).toEqual([409, 'catalogue.voted']);
      const other = { ...approval, contentDigest: 'b'.repeat(64) };
      expect(said(await post(scene, `${path}/votes`, fourth, other))).toEqual([422, 'catalogue.content']);
      expect(await status()).not.toBe('published');
      await write(scene, `${path}/votes`, fourth ?? first, approval);
      expect(await status()).toBe('published');
    });
  });

  describe('rule 5: a certificate’s status at any past time can be told', () => {
    it('and revoked never becomes valid again', async () => {
      const issuer = worker('310000');
      const body = certificateOf(issuer, freshId('310000', 'c'));
      const path = `/v1/certificates/${body.certificateId}`;
      const issued = await write(scene, '/v1/certificates', issuer, body);
      const revoked = await write(scene, `${path}/revocation`, issuer, LEGAL);
      for (const verb of ['reinstatement', 'suspension'])
        expect(said(await post(scene, `${path}/${verb}`, issuer, LEGAL))).toEqual([409, 'certificate.state']);
      const digest = { alg: 'sha-256', value: hash(body.certificateId) };
      const verdict = async (asOf: string) => (await post(scene, '/v1/verify', undefined, { digest, asOf })).body.verdict;
      expect(await verdict(issued.transaction.time)).toBe('valid');
      expect(await verdict(revoked.transaction.time)).toBe('revoked');
      const { items } = (await get(scene, `${path}/history`, issuer)).body;
      expect(items).toHaveLength(2);
    });
  });

  describe('rule 6: a use is permitted only inside its grant', () => {
    it('once where once is left, and not after the revocation; each denial is on the ledger', async () => {
      const user = worker('310000');
      const grantId = await activeGrant(scene(), user, { maxUses: 1 });
      const attempts = await Promise.all([1, 2, 3].map(() => post(scene, `/v1/grants/${grantId}/uses`, user, useOf(user))));
      expect(attempts.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
      await write(scene, `/v1/grants/${grantId}/revocation`, scene().provider, { reason: 'purpose-met' });
      const late = await post(scene, `/v1/grants/${grantId}/uses`, user, useOf(user));
      expect(said(late)).toEqual([403, 'grant.revoked']);
      const { items } = (await get(scene, `/v1/grants/${grantId}/uses`, user)).body as {
        items: { decision: string; reason?: string; transaction: string }[];
      };
      const reasons = items.map(({ decision, reason = '' }) => `${decision} ${reason}`.trim()).sort();
      expect(reasons).toEqual(['denied grant.exhausted', 'denied grant.exhausted', 'denied grant.revoked', 'permitted']);
      expect(items.map(({ transaction }) => transaction)).toContain(late.body.transaction.id);
    });
  });
}
