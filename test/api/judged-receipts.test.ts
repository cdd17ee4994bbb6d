import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger, SignedAnswer } from '../../network/ledger.js';
import { certificateOf, createBusiness, expectStatus, freshId, openedCase, workerOf } from '../support/api-business.js';
import type { ApiAgency, ApiResponse, ApiWorld } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';
import { HeldLedger } from '../support/held-ledger.js';

type Spoil = (answers: readonly SignedAnswer[]) => readonly SignedAnswer[];

/** A byte of the second peer's signature is another; the two beside it are good. */
const turned: Spoil = ([first, second, ...rest]) => {
  const signature = Buffer.from(second?.signature ?? []);
  signature[12] = (signature[12] ?? 0) ^ 1;
  return [first as SignedAnswer, { ...(second as SignedAnswer), signature }, ...rest];
};

describe('what the API gives out of peers that cannot be believed', () => {
  let world: ApiWorld;
  let worker: ApiAgency;
  let auditor: ApiAgency;
  let spoil: Spoil = (same) => same;
  let said: string[] = [];
  let asked = 0;
  let transaction: string;
  let digest: object;
  let caseId: string;
  const recordId = freshId('310000', 'a');
  const anchor = (kind = 'milestone') =>
    world.post('/v1/anchors?wait=true', worker, [
      { recordId, kind, digest: sha256(recordId), occurredAt: '2026-11-02T01:02:03Z' },
    ]);
  beforeAll(async () => {
    const between = (ledger: Ledger): Ledger => ({
      ...new HeldLedger().between(ledger),
      attest: async (...question) => {
        asked += 1;
        return spoil(await ledger.attest(...question));
      },
    });
    const business = await createBusiness({ between, log: (line) => said.push(line) });
    world = business.world;
    worker = workerOf(business, '310000');
    auditor = business.auditor;
    const body = certificateOf(worker, freshId('310000', 'c'));
    transaction = expectStatus(await world.post('/v1/certificates', worker, body), 201).body.transaction.id;
    digest = { alg: 'sha-256', value: body.digests[0]?.value };
    caseId = await openedCase(business, worker);
    expectStatus(await anchor(), 202);
  });
  beforeEach(() => {
    said = [];
    asked = 0;
    spoil = (same) => same;
  });
  afterAll(() => world.close());

  const answers: readonly [string, () => Promise<ApiResponse>][] = [
    ['the receipt of a transaction', () => world.get(`/v1/receipts/${transaction}`, auditor)],
    ['the receipt of a certificate', () => world.post('/v1/verify', undefined, { digest, attest: true })],
    ['the proof of an anchored record', () => world.get(`/v1/anchors/${recordId}`, worker)],
    ['the evidence of a case', () => world.get(`/v1/cases/${caseId}/evidence`, worker)],
  ];

  it.each(answers)('%s is none when one signature of three is bad, and the log names the check', async (_what, ask) => {
    spoil = turned;
    const refused = await ask();
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([503, 'ledger.unavailable', '5']);
    expect(refused.text).not.toMatch(/"payload"|"signatures"|yrd-receipt/);
    expect(said).toEqual([expect.stringContaining('signatures (proof.signature: the signature of ')]);
    spoil = (same) => same;
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('"format":"yrd-receipt/1"');
    expect(said).toHaveLength(1);
  });

  it.each<[string, Spoil, string]>([
    [
      'a signature twice in place of a province',
      ([first, second]) => [first, second, second] as SignedAnswer[],
      'signer.too-few',
    ],
    ['two provinces', (all) => all.slice(0, 2), 'signer.too-few'],
    ['no province but one', (all) => all.slice(0, 1), 'signer.too-few'],
    [
      'one peer’s signature under another’s name',
      ([first, second, third]) => [first, second, { ...third, endorser: first?.endorser }] as SignedAnswer[],
      'proof.signature',
    ],
  ])('a receipt by %s is none', async (_what, made, code) => {
    spoil = made;
    const refused = await world.get(`/v1/receipts/${transaction}`, auditor);
    expect([refused.status, refused.body.code]).toEqual([503, 'ledger.unavailable']);
    expect(said).toEqual([expect.stringContaining(code)]);
  });

  it('is not told in place of what was written: a line that was not taken comes without its proof', async () => {
    await world.restart();
    spoil = turned;
    const { rejected } = expectStatus(await anchor('receipt'), 202).body;
    expect(rejected).toEqual([{ line: 1, code: expect.any(String) }]);
    expect(said).toEqual([expect.stringContaining('proof.signature')]);
    spoil = (same) => same;
    const [again] = expectStatus(await anchor('receipt'), 202).body.rejected;
    expect(again.proof.receipt.format).toBe('yrd-receipt/1');
  });

  it('of a batch’s root is asked for once, and kept only when it held', async () => {
    await world.restart();
    spoil = turned;
    await world.get(`/v1/anchors/${recordId}`, worker);
    spoil = (same) => same;
    for (let time = 0; time < 3; time += 1) expectStatus(await world.get(`/v1/anchors/${recordId}`, worker), 200);
    expect(asked).toBe(2);
  });
});
