import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust, type Trust } from '../../network/proof/trust.js';
import { type Given, verifyReceipt } from '../../network/proof/verify-receipt.js';
import {
  activeGrant,
  type Business,
  certificateOf,
  createBusiness,
  expectStatus,
  freshId,
  offerTo,
  openedCase,
  useOf,
  workerOf,
} from '../support/api-business.js';
import { type ApiAgency, LEDGER_KIND } from '../support/api-world.js';
import { hash } from '../support/digests.js';

const REASON = { reasonCode: 'false-documents', legalBasis: '《行政许可法》第六十九条' };

describe('receipts over HTTP', () => {
  let business: Business;
  let issuer: ApiAgency;
  let trust: Trust;

  beforeAll(async () => {
    business = await createBusiness();
    issuer = workerOf(business, '310000');
    trust = parseTrust((await business.world.get('/v1/trust-anchors')).text);
  });
  afterAll(() => business.world.close());

  const judge = (text: string, given: Partial<Given> = {}) =>
    verifyReceipt(text, { trust, primitives: nodePrimitives, ...given });
  const receipt = (transaction: string, agency = issuer) => business.world.get(`/v1/receipts/${transaction}`, agency);
  const write = async (path: string, agency: ApiAgency, body: unknown) =>
    expectStatus(await business.world.post(path, agency, body), 201).body;
  const looks = async () =>
    (await business.world.service.deps.store.db.selectFrom('read_log').selectAll().execute()).filter(
      ({ action }) => action === 'receipt',
    );

  function digestOf(certificate: ReturnType<typeof certificateOf> | undefined) {
    const { alg = 'sm3', value = '' } = certificate?.digests[0] ?? {};
    return { alg, value };
  }

  async function issued() {
    const body = certificateOf(issuer, freshId('310000', 'c'));
    const { transaction } = await write('/v1/certificates', issuer, body);
    return { certificateId: body.certificateId, digest: digestOf(body), transaction };
  }

  describe('of a transaction', () => {
    it('holds offline against the trust anchors, and states transaction, records and their place', async () => {
      const { certificateId, transaction } = await issued();
      const answer = await receipt(transaction.id);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^application\/json/);
      const { verdict, answer: signed, signers, assurance } = await judge(answer.text);
      expect(verdict).toBe('holds');
      expect(assurance).toBe(LEDGER_KIND.assurance);
      expect(signers.map(({ mspId }) => mspId)).toHaveLength(3);
      const [operation, ...records] = signed?.records ?? [];
      expect(operation?.value).toMatchObject({
        transaction: transaction.id,
        function: 'certificate:IssueCertificate',
        time: transaction.time,
      });
      expect(records.map(({ key }) => key)).toContain(`certificate~${certificateId}`);
      for (const version of signed?.reads.values() ?? []) expect(version?.block).toBe(transaction.block);
    });

    it('tells a record that was changed since by its later place', async () => {
      const { certificateId, transaction } = await issued();
      const later = await write(`/v1/certificates/${certificateId}/suspension`, issuer, REASON);
      const { answer } = await judge((await receipt(transaction.id)).text);
      expect(answer?.reads.get(`certificate~${certificateId}`)?.block).toBe(later.transaction.block);
      const operation = answer?.records.find(({ key }) => key.startsWith('operation~'))?.key ?? '';
      expect(answer?.reads.get(operation)?.block).toBe(transaction.block);
    });

    it('shows a party of a case what it may read, a stranger nothing, and records each look first', async () => {
      const stranger = workerOf(business, '340000');
      const receiver = workerOf(business, '320000');
      const caseId = await openedCase(business, issuer);
      const { transaction } = await write(`/v1/cases/${caseId}/handoffs`, issuer, offerTo(receiver));
      const before = (await looks()).length;
      expect((await receipt(transaction.id, receiver)).status).toBe(200);
      expect((await looks()).at(-1)).toMatchObject({ agency: receiver.agencyId, thing: transaction.id });
      const refused = await receipt(transaction.id, stranger);
      expect([refused.status, refused.body.code]).toEqual([403, 'auth.agency']);
      expect((await looks()).length).toBe(before + 1);
    });

    it('of a use is for grantee and provider', async () => {
      const grantee = workerOf(business, '310000');
      const grantId = await activeGrant(business, grantee);
      const { transaction } = await write(`/v1/grants/${grantId}/uses`, grantee, useOf(grantee));
      expect((await judge((await receipt(transaction.id, grantee)).text)).verdict).toBe('holds');
      expect((await receipt(transaction.id, workerOf(business, '340000'))).body.code).toBe('auth.agency');
    });

    it('is not to be had of what is no valid transaction of an agency', async () => {
      const genesis = await business.world.service.deps.store.db.selectFrom('ledger_transaction').selectAll().execute();
      const founding = genesis.find(({ agency }) => agency === null)?.id as string;
      for (const id of [randomBytes(32).toString('hex'), founding]) {
        const answer = await receipt(id);
        expect([answer.status, answer.body.code]).toEqual([404, 'receipt.not-found']);
      }
      expect((await receipt('no-id')).status).toBe(400);
      expect((await business.world.get(`/v1/receipts/${hash('x')}`)).status).toBe(401);
    });
  });

  describe('of a certificate, by POST /v1/verify', () => {
    const ask = (body: object) => business.world.post('/v1/verify', undefined, body);
    const textOf = (body: { receipt: unknown }) => JSON.stringify(body.receipt);

    it('is asked for with attest, holds for the document, and tells the public no subject', async () => {
      const { digest, certificateId } = await issued();
      const { status, body } = await ask({ digest, attest: true });
      expect(status).toBe(200);
      const { verdict, answer } = await judge(textOf(body), { document: [digest] });
      expect(verdict).toBe('holds');
      expect(answer?.result).toMatchObject({
        certificate: { certificateId },
        digest,
        status: { verdict: 'valid', asOf: body.asOf },
      });
      expect(JSON.stringify(answer)).not.toMatch(/subject|capture|caseId/);
      expect((await ask({ digest })).body.receipt).toBeUndefined();
      expect((await ask({ digest, attest: false })).body.receipt).toBeUndefined();
    });

    it('does not hold for another document, nor against other roots', async () => {
      const { digest } = await issued();
      const text = textOf((await ask({ digest, attest: true })).body);
      const other = await judge(text, { document: [{ alg: 'sha-256', value: hash('other') }] });
      expect(other.checks.find(({ result }) => result === 'fail')).toMatchObject({ name: 'document', code: 'proof.document' });
      const [first, ...rest] = trust.provinces;
      const turned = [...rest, first].map((province, index) => ({
        ...(trust.provinces[index] as NonNullable<typeof first>),
        roots: province?.roots ?? [],
      }));
      const foreign = await judge(text, { trust: { ...trust, provinces: turned } });
      expect(foreign.checks.find(({ result }) => result === 'fail')).toMatchObject({ name: 'signers', code: 'signer.root' });
    });

    it('states revocation, also as of an earlier day', async () => {
      const { certificateId, digest } = await issued();
      await write(`/v1/certificates/${certificateId}/revocation`, issuer, REASON);
      const now = await ask({ digest, attest: true });
      expect(now.body.verdict).toBe('revoked');
      const { answer } = await judge(textOf(now.body));
      expect(answer?.result?.status).toMatchObject({
        verdict: 'revoked',
        change: { change: 'revoked', reasonCode: 'false-documents' },
      });
      const before = await ask({ digest, attest: true, asOf: '2026-01-02T00:00:00Z' });
      const earlier = await judge(textOf(before.body));
      expect(earlier.answer?.result?.status).toMatchObject({ verdict: 'valid', asOf: '2026-01-02T00:00:00Z' });
    });

    it('of a leaf of a batch rests on the root, and on there being no change under its id', async () => {
      const items = [1, 2, 3].map(() => certificateOf(issuer, freshId('310000', 'b')));
      const { record } = await write('/v1/certificates/batch', issuer, { items });
      const { body } = await ask({ digest: digestOf(items[1]), attest: true });
      const { verdict, answer } = await judge(textOf(body));
      expect(verdict).toBe('holds');
      expect(answer?.reads.get(`certificate-batch~${record.batchId}`)).toBeDefined();
      expect(answer?.records).toContainEqual({ key: `certificate~${items[1]?.certificateId}`, value: null });
      expect(answer?.result).toMatchObject({
        certificate: { certificateId: items[1]?.certificateId },
        status: { verdict: 'valid' },
      });
    });

    it('comes with no unknown digest, and is neither taken by a batch nor anything but a yes or no', async () => {
      const unknown = await ask({ digest: { alg: 'sha-256', value: hash('nothing') }, attest: true });
      expect(unknown.body).toMatchObject({ verdict: 'unknown' });
      expect(unknown.body.receipt).toBeUndefined();
      const { digest } = await issued();
      expect((await ask({ digest, attest: 'true' })).status).toBe(400);
      expect((await business.world.post('/v1/verify/batch', undefined, { items: [{ digest, attest: true }] })).status).toBe(400);
    });
  });
});
