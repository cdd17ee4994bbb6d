import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../network/proof/evidence/verify-evidence.js';
import { nodePrimitives } from '../../network/proof/node-primitives.js';
import { parseTrust } from '../../network/proof/trust.js';
import { verifyAnchor } from '../../network/proof/verify-anchor.js';
import { verifyReceipt } from '../../network/proof/verify-receipt.js';
import { certificateOf, createBusiness, expectStatus, freshId, workerOf } from '../support/api-business.js';
import type { ApiAgency, ApiWorld } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';
import { HeldLedger } from '../support/held-ledger.js';
import { openSecondApi, type SecondApi } from '../support/second-api.js';

describe('receipts that all four provinces sign', () => {
  let world: ApiWorld;
  let worker: ApiAgency;
  /** asks three, on the same ledger */
  let ofThree: SecondApi;
  let trustText: string;
  let transaction: string;
  let certificateId: string;
  let asked: number[] = [];
  let answering = 4;
  beforeAll(async () => {
    const business = await createBusiness({
      settings: { RECEIPT_PROVINCES: '4' },
      between: (ledger) => ({
        ...new HeldLedger().between(ledger),
        attest: async (question, count) => {
          asked.push(count);
          return (await ledger.attest(question, count)).slice(0, answering);
        },
      }),
    });
    world = business.world;
    worker = workerOf(business, '310000');
    trustText = (await world.get('/v1/trust-anchors')).text;
    const body = certificateOf(worker, freshId('310000', 'c'));
    certificateId = body.certificateId;
    transaction = expectStatus(await world.post('/v1/certificates', worker, body), 201).body.transaction.id;
    ofThree = await openSecondApi(world);
    await ofThree.catchUp();
  });
  afterAll(async () => {
    await ofThree.close();
    await world.close();
  });

  const given = () => ({ trust: parseTrust(trustText), primitives: nodePrimitives });
  const receiptOf = () => world.get(`/v1/receipts/${transaction}`, worker);

  it('are what the trust anchors ask for', () => {
    expect(JSON.parse(trustText).receiptPolicy).toEqual({ k: 4 });
  });

  it('hold under that trust, each with four signers: a transaction’s, a bundle’s and a root’s', async () => {
    asked = [];
    const receipt = await verifyReceipt((await receiptOf()).text, given());
    expect([receipt.verdict, receipt.required, new Set(receipt.signers.map(({ mspId }) => mspId)).size]).toEqual(['holds', 4, 4]);
    const bundle = await world.get(`/v1/certificates/${certificateId}/evidence`, worker);
    expect((await verifyEvidence(bundle.text, given())).verdict).toBe('holds');
    const line = { recordId: 'four-1', kind: 'receipt', digest: sha256('four'), occurredAt: '2026-11-02T01:02:03Z' };
    expectStatus(await world.post('/v1/anchors?wait=true', worker, [line]), 202);
    expect((await verifyAnchor((await world.get('/v1/anchors/four-1', worker)).text, given())).verdict).toBe('holds');
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(new Set(asked)).toEqual(new Set([4]));
  });

  it('are not those of an API that asks three: these hold under its trust, and not under k 4', async () => {
    const path = `/v1/receipts/${transaction}`;
    const { text } = await ofThree.send('GET', path, worker);
    const under = async (k: number) => {
      const trust = parseTrust(JSON.stringify({ ...JSON.parse(trustText), receiptPolicy: { k } }));
      const { verdict, checks } = await verifyReceipt(text, { trust, primitives: nodePrimitives });
      return [verdict, checks.find(({ name }) => name === 'signers')?.code];
    };
    expect(await under(3)).toEqual(['holds', undefined]);
    expect(await under(4)).toEqual(['fails', 'signer.too-few']);
    expect((await ofThree.send('GET', '/v1/trust-anchors', worker)).body.receiptPolicy).toEqual({ k: 3 });
  });

  it('are not given out with three signatures, and the same is asked for again when all answer', async () => {
    answering = 3;
    const refused = await receiptOf();
    expect([refused.status, refused.body.code]).toEqual([503, 'ledger.unavailable']);
    answering = 4;
    expect((await receiptOf()).status).toBe(200);
  });
});
